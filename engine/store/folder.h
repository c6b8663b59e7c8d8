#pragma once

#include <string>

#include "engine/result.h"

namespace tripline::engine::store {

// What the entries of folders need to survive a power cut. Errors are kStore, with the path and the system's reason.

/// The folder that `path` lies in.
std::string folder_of(const std::string& path);

/// Makes the folder and those above it, as far as they are missing.
Result<void> make_folder(const std::string& folder);

/// Returns when the names in the folder are on the disk.
Result<void> sync_folder(const std::string& folder);

}  // namespace tripline::engine::store
