#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/firehose_batch.h"
#include "app/firehose_client.h"
#include "app/pace.h"

namespace tripline::app {

/// Sends events batch by batch, each until it is accepted, at a limited rate.
class BatchSender {
 public:
  struct Options {
    std::uint64_t events_per_second = 0;  // 0: as fast as it goes
    std::uint64_t bytes_per_second = 0;   // of events; 0: as above
    std::size_t batch = FirehoseBatch::Limits{}.max_records;
    std::chrono::seconds retry_for{300};  // a batch, from its first failure on
  };
  /// The world: the connection, the clocks, and waiting.
  struct World {
    std::function<FirehoseClient::Answer(const std::string& request_id, std::string_view body)> post;
    std::function<Pace::Clock::time_point()> now;
    std::function<std::int64_t()> wall_clock;  // milliseconds since the epoch
    std::function<void(Pace::Clock::duration)> wait;
    std::function<void(const std::string& why, std::chrono::milliseconds wait)> retrying;  // before each wait
  };

  /// `run`: of this run alone. A server answers a request id that it knows without looking at the events again, which
  /// somebody who sends a file once more does not want.
  BatchSender(const Options& options, World world, std::string run);

  /// Takes the event, and sends what has come together when it does not fit in any more. Why it was given up, else
  /// nothing; then no more may be added.
  std::optional<std::string> add(std::string_view event);
  /// Sends what is left.
  std::optional<std::string> finish() { return send(); }

  std::uint64_t events() const { return events_; }      // accepted
  std::uint64_t requests() const { return requests_; }  // accepted
  std::uint64_t retries() const { return retries_; }

 private:
  std::optional<std::string> send();

  Options options_;
  World world_;
  std::string run_;
  FirehoseBatch batch_;
  Pace events_pace_;
  Pace bytes_pace_;
  std::uint64_t ids_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t retries_ = 0;
};

}  // namespace tripline::app
