#pragma once

#include <string_view>

#include <yaml-cpp/exceptions.h>

#include "rules/diagnostic.h"

namespace tripline::rules {

/// Reports what yaml-cpp says of `text`, in words for rule authors. `at` is the place in the file.
void report_syntax_error(const YAML::Exception& error, std::string_view text, Position at, Diagnostics& diagnostics);

}  // namespace tripline::rules
