#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pattern.h"
#include "engine/rule.h"
#include "rules/overrides.h"

namespace tripline::rules {

/// What overrides come to for one rule; what none of them set is absent.
struct Changes {
  std::optional<bool> enabled;
  std::optional<engine::Level> level;
  std::optional<bool> dry_run;
  std::optional<std::chrono::seconds> period;
  std::optional<std::vector<std::string>> group;

  bool disables() const { return enabled == false; }
  bool operator==(const Changes&) const = default;
};

/// The overrides of a load, ready to be compared with rules. Borrows them.
class OverrideEffects {
 public:
  explicit OverrideEffects(const std::vector<Override>& overrides);

  /// Whether the rule is one of those that the override is about, whatever accounts it names. `level_given`: the rule's
  /// file says its level.
  bool fits(std::size_t override, const engine::Rule& rule, bool level_given) const;

  /// What holds for the rule's events of accounts with that `env`; empty: of all other accounts.
  Changes changes(const engine::Rule& rule, bool level_given, std::string_view env) const;

  /// The same in words, with the place and reason of each override that has a part in it; empty: none has.
  std::string words(const engine::Rule& rule, bool level_given, std::string_view env) const;

  /// Every `env` that some override names, each once, in order, letter case aside.
  const std::vector<std::string>& envs() const { return envs_; }

 private:
  struct Patterns {
    std::vector<engine::Pattern> ids, names, tags, statuses, paths;
  };
  template <class Visit>
  void each(const engine::Rule& rule, bool level_given, std::string_view env, const Visit& visit) const;

  const std::vector<Override>& overrides_;
  std::vector<Patterns> patterns_;
  std::vector<std::string> envs_;
};

}  // namespace tripline::rules
