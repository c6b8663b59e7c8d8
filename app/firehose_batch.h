#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tripline::app {

/// The body of one request of Data Firehose's delivery to an HTTP endpoint, written record by record. One event is one
/// record, with a line feed behind it. Source: Data Firehose Developer Guide, "HTTP endpoint delivery request".
class FirehoseBatch {
 public:
  struct Limits {
    std::size_t max_records = 500;
    std::size_t max_bytes = std::size_t{4} << 20;  // of the body; a record that is larger goes alone
  };

  explicit FirehoseBatch(const Limits& limits) : limits_(limits) {}

  /// False: it does not fit in any more; the batch is to be sent first.
  bool add(std::string_view event);

  std::size_t records() const { return records_; }
  /// Of the events, before base64.
  std::uint64_t event_bytes() const { return event_bytes_; }

  /// The whole body; the batch is empty then. `request_id` needs no escapes; `timestamp`: milliseconds.
  std::string take(const std::string& request_id, std::int64_t timestamp);

 private:
  Limits limits_;
  std::string records_text_;
  std::size_t records_ = 0;
  std::uint64_t event_bytes_ = 0;
};

}  // namespace tripline::app
