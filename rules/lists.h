#pragma once

#include <string>

#include "engine/result.h"
#include "rules/diagnostic.h"
#include "rules/lowering.h"

namespace tripline::rules {

/// Reads the lists of `expand` placeholders: each file in the folder is one, named by the file's name up to its first
/// dot, with one value a line; empty lines and those that begin with `#` are left out, white space around a value too.
/// Hidden files and folders are no lists. kIo: the folder does not exist or cannot be read.
engine::Result<Lists> read_lists(const std::string& folder, Diagnostics& diagnostics);

}  // namespace tripline::rules
