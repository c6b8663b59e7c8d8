#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/related.h"
#include "app/console.h"
#include "app/json_lines.h"
#include "app/rows.h"
#include "engine/accounts.h"
#include "engine/sink.h"

namespace tripline::app {

/// `scan`: signals as rows for people and spreadsheets, or as JSON, whole. Borrows the console, which outlives it.
class SignalWriter : public engine::Sink {
 public:
  struct Options {
    Format format = Format::kTable;
    std::vector<std::string> fields;                  // of --fields, each a column; empty: the rules' own share one
    bool with_origins = false;                        // they are known, and have a column
    const engine::Accounts* accounts = nullptr;       // borrowed; null: none are named
    std::vector<std::string> logs;                    // the input's paths
    const alerts::RelatedSignals* related = nullptr;  // borrowed; null: not told
  };
  SignalWriter(Options options, Console& console);
  engine::Result<void> deliver(const engine::Signal& signal) override;
  engine::Result<void> finish() override;

 private:
  Options options_;
  std::optional<JsonLines> json_;
  std::unique_ptr<RowWriter> rows_;
};

}  // namespace tripline::app
