#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::connectors::net {

enum class Way { kFirehose, kFirehoseApi, kKinesisApi, kEvents };
struct WayRow {
  Way way;
  std::string_view label;  // of metrics
};
inline constexpr WayRow kWays[] = {
    {Way::kFirehose, "firehose"},
    {Way::kFirehoseApi, "firehose_api"},
    {Way::kKinesisApi, "kinesis_api"},
    {Way::kEvents, "events"},
};

/// What became of a request that brings events; requests that only ask for something are not counted.
enum class WayOutcome { kAccepted, kRepeated, kBadRequest, kUnauthorised, kTooLarge, kFull, kStopping, kFailed };
struct WayOutcomeRow {
  WayOutcome outcome;
  std::string_view label;
};
inline constexpr WayOutcomeRow kWayOutcomes[] = {
    {WayOutcome::kAccepted, "accepted"},          // everything of it is durable
    {WayOutcome::kRepeated, "repeated"},          // sent again, and answered by what became of the first
    {WayOutcome::kBadRequest, "bad_request"},     // not what the way takes
    {WayOutcome::kUnauthorised, "unauthorised"},  // a key or signature is missing or wrong
    {WayOutcome::kTooLarge, "too_large"},         // a limit of the protocol
    {WayOutcome::kFull, "full"},                  // the intake has no room
    {WayOutcome::kStopping, "stopping"},          // the intake is closed
    {WayOutcome::kFailed, "failed"},              // it was taken, and could not be made durable
};

/// Requests and bytes by way and outcome, of one source.
class SourceCounters {
 public:
  /// `bytes`: of the body, inflated.
  void add(Way way, WayOutcome outcome, std::size_t bytes) {
    Cell& cell = cells_[static_cast<std::size_t>(way)][static_cast<std::size_t>(outcome)];
    cell.requests.fetch_add(1, std::memory_order_relaxed);
    cell.bytes.fetch_add(bytes, std::memory_order_relaxed);
  }

 private:
  friend class WayCounters;
  struct Cell {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> bytes{0};
  };
  std::array<std::array<Cell, std::size(kWayOutcomes)>, std::size(kWays)> cells_;
};

/// Counts what comes in, by source. There are as many sources as the configuration ever named, and ``, to which
/// requests belong whose sender is unknown. Threads: any.
class WayCounters {
 public:
  struct Row {
    Way way;
    std::string source;
    WayOutcome outcome;
    std::uint64_t requests;
    std::uint64_t bytes;
  };

  /// The counters of that source, for as long as this lives.
  SourceCounters& of(const std::string& source);

  /// All that is not zero, in order of source.
  std::vector<Row> rows() const;

  void add_unread_attributes() { unread_attributes_.fetch_add(1, std::memory_order_relaxed); }
  /// Deliveries of Firehose whose common attributes are not what they should be; they are taken nevertheless.
  std::uint64_t unread_attributes() const { return unread_attributes_.load(std::memory_order_relaxed); }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, SourceCounters> sources_;
  std::atomic<std::uint64_t> unread_attributes_{0};
};

}  // namespace tripline::connectors::net
