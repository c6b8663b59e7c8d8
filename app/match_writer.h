#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/rows.h"
#include "engine/match.h"

namespace tripline::app {

/// `scan --matches`: a row a match. `with_origins`: they are known, and have columns. Borrows the console, which
/// outlives it.
class MatchWriter {
 public:
  MatchWriter(Format format, bool with_origins, Console& console);
  void match(const engine::Match& match);
  void finish() { rows_->finish(); }

 private:
  bool with_origins_;
  std::unique_ptr<RowWriter> rows_;
};

}  // namespace tripline::app
