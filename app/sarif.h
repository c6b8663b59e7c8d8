#pragma once

#include <string>
#include <vector>

#include "rules/diagnostic.h"

namespace tripline::app {

/// Diagnostics as one SARIF document, for code review tools. Source: OASIS SARIF 2.1.0.
std::string sarif(const std::vector<rules::Diagnostic>& diagnostics);

}  // namespace tripline::app
