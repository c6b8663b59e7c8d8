#pragma once

#include <string>
#include <string_view>

namespace tripline::tests {

inline constexpr std::string_view kHead =
    "title: Test\n"
    "id: 11111111-2222-4333-8444-555555555555\n"
    "level: low\n"
    "logsource: {product: aws, service: cloudtrail}\n";

/// A rule with these lines as its detection, which begin at line 6, column 3.
inline std::string rule_with(std::string_view detection) {
  return std::string(kHead) + "detection:\n" + std::string(detection);
}

}  // namespace tripline::tests
