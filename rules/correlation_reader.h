#pragma once

#include "rules/ast.h"
#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads `correlation:` (and a `generate` at the top of the document) into `rule`, whose head is read already. What
/// it says of other rules is checked by resolve_correlations(), when all are known.
/// Source: Sigma Correlation Rules Specification 2.1.0; value_median, new_value and boolean conditions of temporal
/// are ours or of pySigma (docs/architecture.md, "Correlations").
void read_correlation(const YamlNode& root, NodeReader& reader, CorrelationRule& rule);

}  // namespace tripline::rules
