#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::benchmarks {

/// A POST of Data Firehose of about 1 MiB, one event a record, that becomes another one with other events at little
/// cost: ids are written over those that stand in the base64. The events are those of a corpus with an eventID and an
/// eventTime put before their own, which therefore do not count.
class FirehosePost {
 public:
  static constexpr std::size_t kBytes = std::size_t{1} << 20;

  /// `records`: bare ones. `time`: of all events, ISO 8601. Throws when the records are fewer than fit.
  FirehosePost(const std::vector<std::string>& records, std::string_view time);

  /// Becomes the delivery of that number, below 10^8: its request id and its events' ids are its own.
  void renew(std::uint64_t number);

  /// The whole request, as it goes over the wire.
  std::string_view request() const { return request_; }
  std::size_t events() const { return ids_.size(); }

 private:
  std::string request_;
  std::vector<std::size_t> request_ids_;  // where they stand
  std::vector<std::size_t> ids_;          // likewise, in base64
};

/// The corpus' bare records, about `max_bytes` of them.
std::vector<std::string> corpus_records(std::uint64_t max_bytes);

}  // namespace tripline::benchmarks
