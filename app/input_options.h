#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/moment.h"
#include "app/read_records.h"
#include "connectors/limits.h"
#include "engine/result.h"

namespace tripline::app {

/// What commands that read logs let their users say about it.
struct InputOptions {
  std::vector<std::string> paths;
  std::string from;
  std::string to;
  std::uint64_t threads = 0;  // 0: one a core
  std::uint64_t max_inflated = connectors::Limits{}.max_inflated_bytes;
  std::uint64_t max_record = connectors::Limits{}.max_record_bytes;
  std::uint64_t max_depth = static_cast<std::uint64_t>(connectors::Limits{}.max_depth);
  bool strict = false;
  bool quiet = false;

  /// PATH..., --from, --to, --threads, the caps, --strict, --quiet.
  /// `optional_paths`: the command may do without any.
  void declare(Arguments& arguments, bool optional_paths = false);

  ReadOptions reading(bool cloudtrail, const Span& span) const;
  /// kUsage: one of them is no moment, or they hold nothing between them.
  engine::Result<Span> span(engine::EventTime now) const;
};

/// What to say of a command line in which `first`, a word that comes before the paths, is itself a path and the last of
/// `paths` is none; `what`: `query`. Nothing when that is not so.
std::optional<std::string> swapped(const std::string& first, const std::vector<std::string>& paths,
                                   const std::string& what);

/// The wall clock, for spans that count back from now.
engine::EventTime wall_clock();

}  // namespace tripline::app
