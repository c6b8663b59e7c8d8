#pragma once

#include <memory>
#include <mutex>

#include "connectors/intake.h"
#include "connectors/net/firehose_delivery.h"
#include "connectors/net/http_message.h"
#include "connectors/net/way_access.h"
#include "connectors/net/way_offer.h"

namespace tripline::connectors::net {

/// Everything that brings events by HTTP, between the server and the intake:
///
///   POST /firehose    Data Firehose's delivery to an HTTP endpoint
///
/// An answer that says "accepted" is given only when the intake has settled the delivery. docs/ingest.md is for users.
/// Threads: any. Borrows the intake, which outlives it; whoever settles its deliveries ends before this does.
class WaysIn {
 public:
  struct Options {
    WayOptions access;
    RequestIds::Options request_ids;
  };

  /// `now`: the wall clock, from any thread.
  WaysIn(const Options& options, Intake& intake, std::function<engine::EventTime()> now);

  /// Whether the request is for one of the ways: its path is one of theirs, whatever the method.
  static bool takes(const HttpHead& head);

  /// Both want a request that takes() says yes to. They do not block.
  Admission admit(const HttpHead& head);
  void handle(HttpRequest request, Reply reply);

  /// Other keys and streams from now on. Requests under way end by those they began with.
  void change_access(const WayOptions& access);

  const WayCounters& counters() const { return counters_; }

 private:
  std::shared_ptr<const WayAccess> access() const;

  WayCounters counters_;
  FirehoseDelivery firehose_;
  mutable std::mutex mutex_;
  std::shared_ptr<const WayAccess> access_;
};

}  // namespace tripline::connectors::net
