#pragma once

#include <string>

#include "app/config/node.h"

namespace tripline::app {

/// What holds, as a file would say it, each value with where it came from in a comment. Absent values are left out;
/// secrets are `(secret)`.
std::string config_text(const ConfigNode& tree);

/// The same as JSON, one object a value: {"key", "value", "origin": "default" or "file", and of the latter "path",
/// "line", "column", "variables", "secret_file"}. `key` has the places in lists: `listen[0].address`.
std::string config_json(const ConfigNode& tree);

}  // namespace tripline::app
