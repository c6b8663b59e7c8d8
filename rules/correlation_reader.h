#pragma once

#include "rules/ast.h"
#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads `correlation:` (and a `generate` at the top of the document) into `rule`, whose head is read already. What
/// it says of other rules is checked by resolve_correlations(), when all are known.
/// Source: Sigma Correlation Rules Specification 2.1.0. Boolean conditions of temporal are pySigma's; value_median,
/// which pySigma has too, and new_value are not in the specification.
void read_correlation(const YamlNode& root, NodeReader& reader, CorrelationRule& rule);

}  // namespace tripline::rules
