#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rule.h"
#include "rules/test_reader.h"

namespace tripline::rules {

/// A signal that a sequence left. Times are in seconds since its beginning. Borrows the rule.
struct SeenSignal {
  const engine::Rule* rule;
  std::vector<std::string> group;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t triggers = 0;
  bool closed = false;
};

/// Whether `name` is the rule's id, name or title; letter case does not matter.
bool is_called(const engine::Rule& rule, std::string_view name);

/// How the signals that are there differ from those expected, line by line for people; nothing: they do not. Each
/// expectation takes a signal of its own where that can be. `rule`: that of expectations which name none.
std::vector<std::string> signal_difference(const std::vector<ExpectedSignal>& expected,
                                           const std::vector<SeenSignal>& seen, const engine::Rule& rule);

}  // namespace tripline::rules
