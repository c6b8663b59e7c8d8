#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tripline::engine {

/// How often a call was made, and how that ended.
struct ActionCount {
  static constexpr std::size_t kMaxErrorCodes = 10;

  std::string event_name;
  std::uint64_t success = 0;
  std::uint64_t failure = 0;
  std::uint64_t denied = 0;
  std::vector<std::pair<std::string, std::uint64_t>> error_codes{};  // in order of arrival, at most kMaxErrorCodes

  bool operator==(const ActionCount&) const = default;
};

struct OutcomeCount {
  std::string_view outcome;  // as engine/outcome.h has it
  std::uint64_t ActionCount::*count;
};
inline constexpr OutcomeCount kOutcomeCounts[] = {
    {"success", &ActionCount::success}, {"failure", &ActionCount::failure}, {"denied", &ActionCount::denied}};

/// Counts one call in `actions`, which has at most `most` of them, in order of arrival. False: there was no room for it
/// or for its error code.
bool count_action(std::vector<ActionCount>& actions, std::size_t most, const std::string& event_name,
                  std::string_view outcome, const std::string& error_code);

}  // namespace tripline::engine
