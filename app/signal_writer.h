#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/console.h"
#include "app/json_lines.h"
#include "app/rows.h"
#include "engine/sink.h"

namespace tripline::app {

/// `scan`: signals as rows for people and spreadsheets, or as JSON, whole. Borrows the console, which outlives it.
class SignalWriter : public engine::Sink {
 public:
  /// `fields`: those of --fields, each a column of its own; empty: the rules' own fields share one. `with_origins`:
  /// they are known, and have a column.
  SignalWriter(Format format, std::vector<std::string> fields, bool with_origins, Console& console);
  engine::Result<void> deliver(const engine::Signal& signal) override;
  engine::Result<void> finish() override;

 private:
  std::vector<std::string> fields_;
  bool with_origins_;
  std::optional<JsonLines> json_;
  std::unique_ptr<RowWriter> rows_;
};

}  // namespace tripline::app
