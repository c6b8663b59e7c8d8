#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/key_ring.h"
#include "connectors/net/sigv4.h"
#include "connectors/net/way_counters.h"

namespace tripline::connectors::net {

/// Who may send, and what it is called then. All of it may change while the server runs.
struct WayOptions {
  struct Key {
    std::string secret;
    std::string source;
  };
  struct Stream {
    std::string name;
    std::string source;
  };
  std::vector<Key> firehose_keys;           // access keys of Firehose's HTTP endpoint delivery
  std::vector<AwsCredentials> credentials;  // that clients of the Firehose and Kinesis APIs sign with
  std::vector<Stream> streams;              // that those APIs know; none: streams of any name, of the source `aws`
  std::vector<Key> event_tokens;            // bearer tokens of POST /v1/events
  std::string region = "us-east-1";         // in ARNs
  std::string account = "000000000000";     // in ARNs
  /// A way without any keys is open to everybody, as the sources `firehose`, `aws` and `events`; else it is closed.
  bool open_without_keys = false;
};

/// A source, and where its requests are counted.
struct WaySource {
  std::string name;
  SourceCounters* counters = nullptr;
};

/// The keys of one way.
class WayKeys {
 public:
  WayKeys(const std::vector<WayOptions::Key>& keys, const std::string& open_source, bool open, WayCounters& counters);

  /// Whose key it is; null: nobody's, or one is missing.
  const WaySource* find(const std::optional<std::string_view>& secret) const;

 private:
  KeyRing ring_;
  std::vector<WaySource> sources_;  // by index in the ring
  std::optional<WaySource> open_;
};

/// WayOptions, made ready. Immutable; borrows the counters, which outlive it.
struct WayAccess {
  WayAccess(const WayOptions& options, WayCounters& counters);

  /// The source of that stream; null: there is no such stream.
  const WaySource* stream(std::string_view name) const;

  WayKeys firehose;
  WayKeys events;
  std::map<std::string, std::string, std::less<>> secrets;  // of credentials, by key id
  bool unsigned_calls;                                      // the APIs are open
  std::map<std::string, WaySource, std::less<>> streams;
  std::optional<WaySource> any_stream;
  std::string region;
  std::string account;
};

}  // namespace tripline::connectors::net
