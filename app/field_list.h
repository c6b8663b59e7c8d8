#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/console.h"

namespace tripline::app {

/// The fields of `--fields a,b,c`, each once. Warns of those that CloudTrail's logs do not have, for `cloudtrail`; they
/// are shown as the others, since a name may be newer than this program.
std::vector<std::string> field_list(std::string_view text, bool cloudtrail, Console& console);

}  // namespace tripline::app
