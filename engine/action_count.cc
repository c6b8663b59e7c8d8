#include "engine/action_count.h"

#include <algorithm>

namespace tripline::engine {

bool count_action(std::vector<ActionCount>& actions, std::size_t most, const std::string& event_name,
                  std::string_view outcome, const std::string& error_code) {
  auto action = std::find_if(actions.begin(), actions.end(), [&](const auto& a) { return a.event_name == event_name; });
  if (action == actions.end()) {
    if (actions.size() == most) return false;
    action = actions.insert(actions.end(), {.event_name = event_name});
  }
  for (const auto& row : kOutcomeCounts) {
    if (row.outcome == outcome) ++((*action).*row.count);
  }
  if (error_code.empty()) return true;
  auto& codes = action->error_codes;
  auto code = std::find_if(codes.begin(), codes.end(), [&](const auto& c) { return c.first == error_code; });
  if (code == codes.end()) {
    if (codes.size() == ActionCount::kMaxErrorCodes) return false;
    code = codes.insert(codes.end(), {error_code, 0});
  }
  ++code->second;
  return true;
}

}  // namespace tripline::engine
