#pragma once

#include <cstddef>
#include <string_view>

namespace tripline::connectors {

/// Length of the object `{"data":"..."}` that `text` begins with, if it stands there as Data Firehose writes its
/// records: without spaces, and with no backslash before the closing quote. 0: it does not, and has to be read like any
/// other. A delivery holds thousands of them and little else, and finding a quote costs a tenth of marking every
/// bracket.
inline std::size_t data_object_length(std::string_view text) {
  constexpr std::string_view kBegin = R"({"data":")";
  if (!text.starts_with(kBegin)) return 0;
  const std::size_t quote = text.find('"', kBegin.size());
  if (quote == std::string_view::npos || text[quote - 1] == '\\' || text.substr(quote + 1, 1) != "}") return 0;
  return quote + 2;
}

}  // namespace tripline::connectors
