#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace re2 {
class RE2;
}

namespace tripline::rules {

/// Why RE2 does not take an expression, and what to write instead (may be empty).
struct RegexError {
  std::string reason;
  std::string hint;
};

/// Memory that one compiled expression may take, its cache while it runs included.
inline constexpr int kMaxRegexBytes = 8 << 20;

/// Compiles an expression for RE2, flags already in front of it (`(?i)...`). Never throws.
std::variant<std::shared_ptr<const re2::RE2>, RegexError> compile_regex(const std::string& pattern);

}  // namespace tripline::rules
