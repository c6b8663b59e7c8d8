#pragma once

#include "rules/ast.h"
#include "rules/loading.h"

namespace tripline::rules {

// Warns of a rule whose `taxonomy` is not Sigma's own, when it names fields that nobody maps to the log's.

void warn_of_taxonomy(const DetectionRule& rule, Loading& loading);
void warn_of_taxonomy(const CorrelationRule& rule, Loading& loading);

}  // namespace tripline::rules
