#include "app/input_options.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>

namespace tripline::app {

using engine::ErrorCode;
using engine::fail;

namespace {

constexpr std::uint64_t kMostThreads = 256;
constexpr std::uint64_t kMostDepth = 1000;  // simdjson reads no deeper

}  // namespace

void InputOptions::declare(Arguments& arguments, bool optional_paths) {
  constexpr const char* kPaths = "log file, folder (also of S3) or - for standard input";
  optional_paths ? arguments.optional_positionals("PATH", paths, kPaths) : arguments.positionals("PATH", paths, kPaths);
  arguments.text("--from", "TIME", from, "2026-01-15 (whole), 2026-01-15T10:11:12Z, or 7d, 2h ago");
  arguments.text("--to", "TIME", to, "");
  arguments.number("--threads", "N", threads, "workers (default: one a core); no result depends on it",
                   {.most = kMostThreads});
  arguments.bytes("--max-inflated", "BYTES", max_inflated, "set aside what inflates beyond (default 8G a file)");
  arguments.bytes("--max-record", "BYTES", max_record, "set aside longer records (default 64M)");
  arguments.number("--max-depth", "N", max_depth, "set aside records nested deeper (default 64)",
                   {.least = 1, .most = kMostDepth});
  arguments.flag("--strict", strict, "exit with 3 when something was set aside; no progress");
  arguments.flag("--quiet", quiet, "");
}

ReadOptions InputOptions::reading(bool cloudtrail, const Span& span) const {
  ReadOptions options;
  options.threads = threads > 0 ? static_cast<unsigned>(threads) : std::max(1U, std::thread::hardware_concurrency());
  options.limits.max_inflated_bytes = max_inflated;
  options.limits.max_record_bytes = max_record;
  options.limits.max_depth = static_cast<int>(max_depth);
  options.cloudtrail = cloudtrail;
  options.span = span;
  return options;
}

engine::Result<Span> InputOptions::span(engine::EventTime now) const {
  Span span;
  const std::string forms = " takes 2026-01-15, 2026-01-15T10:11:12Z or a span before now (90s, 30m, 2h, 7d, 4w), not ";
  if (!from.empty() && !(span.from = parse_moment(from, now))) return fail(ErrorCode::kUsage, "--from" + forms + from);
  if (!to.empty() && !(span.to = parse_moment(to, now))) return fail(ErrorCode::kUsage, "--to" + forms + to);
  if (is_date(to)) *span.to += std::chrono::days(1);
  if (span.from && span.to && *span.from >= *span.to) {
    return fail(ErrorCode::kUsage, "nothing lies between --from " + from + " and --to " + to);
  }
  return span;
}

engine::EventTime wall_clock() {
  return std::chrono::time_point_cast<engine::EventTime::duration>(std::chrono::system_clock::now());
}

std::optional<std::string> swapped(const std::string& first, const std::vector<std::string>& paths,
                                   const std::string& what) {
  const auto exists = [](const std::string& path) {
    std::error_code error;
    return path == "-" || std::filesystem::exists(path, error);
  };
  if (paths.empty() || first == "-" || !exists(first) || exists(paths.back())) return {};
  return first + " is a path, and " + paths.back() + " is none: the " + what + " comes first";
}

}  // namespace tripline::app
