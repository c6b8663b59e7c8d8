#pragma once

#include <string_view>

namespace tripline::connectors {

/// White space between tokens. Source: RFC 8259, section 2.
inline bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

inline void skip_space(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

}  // namespace tripline::connectors
