#pragma once

#include "app/config/config.h"
#include "app/console.h"

namespace tripline::app {

/// Says on standard error what is wrong with a configuration: the place and the hint of each, and not the line of the
/// file, in which a secret may stand. Whether there are errors.
bool print_config_problems(const LoadedConfig& loaded, Console& console);

}  // namespace tripline::app
