#pragma once

#include <span>
#include <string_view>

#include "rules/ast.h"
#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads `detection:` (or `filter:`), called `name`: searches, conditions, timeframe. Keys in `others` are the
/// caller's. Names of modifiers and what the condition says are checked when the body is compiled.
/// Source: Sigma Rules Specification 2.1.0, "Detection".
DetectionBody read_body(const YamlNode& node, std::string_view name, std::span<const std::string_view> others,
                        NodeReader& reader);

}  // namespace tripline::rules
