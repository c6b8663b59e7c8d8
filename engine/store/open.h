#pragma once

#include <memory>
#include <string>

#include "engine/result.h"
#include "engine/store/options.h"
#include "engine/store/sqlite.h"

namespace tripline::engine::store {

struct Opened {
  std::unique_ptr<Connection> connection;
  bool created = false;
};

/// Opens the store for writing, or makes it when there is none; migrates it; and looks at every page that a start
/// reads. The caller holds the LockFile. Anything that is there and is no sound store is an error and stays as it is:
/// an empty file too, unless it was this function that was cut off while it made it.
Result<Opened> open_for_writing(const std::string& path, const Options& options);

}  // namespace tripline::engine::store
