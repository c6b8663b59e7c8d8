#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/message.h"
#include "engine/digest.h"
#include "engine/event_time.h"
#include "engine/signal.h"

namespace tripline::alerts {

// What passes from the transition log by way of the Router to the outbox. The Router decides, and keeps nothing on any
// disk; whoever runs it commits what it says, whole, and shows it the same rows again after a start.

/// One entry of the transition log, with its signal: what the Router is given.
struct SignalChange {
  std::uint64_t number = 0;  // of the transition; the revision that receivers see
  Change change = Change::kOpened;
  std::shared_ptr<const engine::Signal> signal;  // as it is now; null: the store has forgotten it
  /// Of a closed one: that of the next period (next_signal_id()) is open, and will close later.
  bool goes_on = false;
};

/// The id that the signal of the next period has, or would have.
std::string next_signal_id(const engine::Signal& signal);

/// One change that a delivery tells of.
struct Member {
  engine::Digest signal;
  std::uint64_t revision = 0;
  Change change = Change::kOpened;

  bool operator==(const Member&) const = default;
};

/// A message to one sink, as the outbox keeps it: never changed once it is written. Its signals are read from the store
/// when it is sent; a Message is made of it by then.
struct Delivery {
  std::string sink;   // its name in the configuration
  std::string route;  // the name of the route that led there, for people
  /// Deliveries of one sink and thread are sent in the order in which they were written.
  std::string thread;
  /// Message::key: `signal-id.revision`; of several members a hash of them. Unique for a sink.
  std::string key;
  std::vector<Member> members;  // at least one
  std::uint64_t more = 0;       // Message::more
  std::string reason;           // Message::reason
  engine::EventTime written_at;

  bool operator==(const Delivery&) const = default;
};

/// One thing that routing remembers: batches that wait, what sinks were told of, how noisy rules are, silences. The
/// meaning of key and blob is alerts' own; a blob begins with a version and is never empty.
struct RoutingRow {
  std::string key;
  std::optional<std::string> blob;  // nothing: the row is deleted

  bool operator==(const RoutingRow&) const = default;
};

/// What one step of the Router makes durable: all of it in one transaction, or nothing. When that fails, the Router is
/// made anew from the rows that are there.
struct RoutingStep {
  std::uint64_t position = 0;  // the last transition that is routed
  std::vector<Delivery> deliveries;
  std::vector<RoutingRow> rows;  // each key once

  bool operator==(const RoutingStep&) const = default;
};

}  // namespace tripline::alerts
