#pragma once

#include <string>
#include <string_view>

#include "app/config/node.h"
#include "app/config/variables.h"
#include "rules/diagnostic.h"

namespace tripline::app {

/// The text as a tree of all keys, by config_keys(). What is wrong is said in `diagnostics`, all of it, with its place;
/// a value with an error is absent. `path` is where it came from, for places, and for paths in it; no value of a secret
/// is ever said. Reads the files of secrets.
ConfigNode read_config_tree(std::string_view text, const std::string& path, const Environment& environment,
                            rules::Diagnostics& diagnostics);

}  // namespace tripline::app
