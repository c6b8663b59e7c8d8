#pragma once

#include <string_view>

#include "engine/pattern.h"
#include "rules/ast.h"
#include "rules/correlation_type.h"
#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads a correlation's `condition`: bounds of a number, fields, or for temporal a boolean condition over rule names.
/// `rule.rules` is read already; when it is empty, a boolean condition fills it with the rules that it names.
void read_correlation_condition(const YamlNode& node, const CorrelationTypeRow& type, NodeReader& reader,
                                CorrelationRule& rule);

/// `login_*` as a pattern over names of rules.
engine::Pattern name_pattern(std::string_view text);

}  // namespace tripline::rules
