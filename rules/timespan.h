#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads a span such as `15m`: a whole number above 0 with a unit of s, m, h, d or w. M (months) and y (years) are
/// taken at their mean length, with a warning. Returns seconds; 0 after an error, which is reported.
/// Source: Sigma Correlation Rules Specification 2.1.0, "Timespan".
std::int64_t read_timespan(const YamlNode& node, std::string_view name, NodeReader& reader);

/// The seconds of a span written likewise, or of `0` with any unit or none; nothing: the text is no span.
std::optional<std::int64_t> seconds_of(std::string_view text);

/// A span in seconds as a rule would write it, in the largest unit of which it is a whole number: `90m`, `30d`.
std::string timespan_text(std::int64_t seconds);

}  // namespace tripline::rules
