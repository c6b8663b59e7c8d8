#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"

namespace tripline::tests {

/// `line:column code: message | hint`, one a line.
std::string lines(const rules::Diagnostics& diagnostics);

/// Only those of one code.
std::string lines(const rules::Diagnostics& diagnostics, std::string_view code);

}  // namespace tripline::tests
