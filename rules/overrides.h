#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "engine/rule.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

/// Changes rules without touching their files. Of several, in order, that fit a rule, the later one wins in what both
/// set.
struct Override {
  /// A rule must fit each list that is not empty, by one of its patterns: `*` is any text, `?` any character, letter
  /// case is nothing. What a rule's file says is matched, not what an override before made of it.
  struct Match {
    std::vector<std::string> ids{};
    std::vector<std::string> names{};  // of its name or its title
    std::vector<std::string> tags{};
    std::vector<engine::Level> levels{};  // a correlation without `level` has none
    std::vector<std::string> statuses{};
    std::vector<std::string> paths{};         // of the path's end, from the beginning of some folder's name on
    std::vector<std::string> account_envs{};  // not empty: for events of accounts with such an `env` alone, whole words
    bool operator==(const Match&) const = default;
  };

  Match match;
  std::optional<bool> enabled;  // false: it opens no signals; true: it does, also when its status is deprecated
  std::optional<engine::Level> level;
  std::optional<bool> dry_run;
  std::optional<std::chrono::seconds> period;
  std::optional<std::vector<std::string>> group;  // fields; of detections alone
  std::string reason;                             // for people
  Position at;                                    // in the configuration

  bool operator==(const Override&) const = default;
};

}  // namespace tripline::rules
