#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/event_time.h"

namespace tripline::engine {

/// What a source wants remembered with the commit that makes a delivery durable, so that it is not delivered again
/// after a restart. An empty value: the key is forgotten.
struct Mark {
  std::string key;
  std::string value;
};

/// One delivery: what a Source hands over and what is acknowledged as a whole. It owns its body.
/// Its codec (connectors/record_reader.h) turns it into Records; the payload's form is detected there.
struct Envelope {
  std::uint64_t sequence = 0;          // order among the deliveries of one run, from 0
  std::string path;                    // a file as the user named it, `-` for stdin, a request id
  std::optional<EventTime> delivered;  // intake time, or the time in an S3 object name; absent: unknown
  std::string account;                 // 12 digits, from an S3 object name; empty: unknown
  std::string region;                  // from an S3 object name; empty: unknown
  std::string source;                  // the configured way in; empty: none was named
  std::optional<Mark> mark;
  std::optional<std::string> body;  // the bytes as delivered (perhaps gzip); absent: they are in the file `path`
};

}  // namespace tripline::engine
