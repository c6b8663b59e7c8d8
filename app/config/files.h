#pragma once

#include "app/config/node.h"
#include "rules/diagnostic.h"

namespace tripline::app {

/// Warns of each path that is given and is not there now; the store's own may be missing. For `config check`, which may
/// be run on another machine than the server's.
void warn_of_missing_files(const ConfigNode& tree, rules::Diagnostics& diagnostics);

}  // namespace tripline::app
