#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>

#include "connectors/intake.h"
#include "connectors/net/aws_api.h"
#include "connectors/net/events_way.h"
#include "connectors/net/firehose_delivery.h"
#include "connectors/net/http_message.h"
#include "connectors/net/way_access.h"
#include "connectors/net/way_offer.h"

namespace tripline::connectors::net {

/// Everything that brings events by HTTP, between the server and the intake:
///
///   POST /firehose    Data Firehose's delivery to an HTTP endpoint
///   POST /            the APIs of Data Firehose and Kinesis Data Streams, by X-Amz-Target
///   POST /v1/events   JSON from anybody
///
/// An answer that says "accepted" is given only when the intake has settled the delivery. docs/ingest.md is for users.
/// Threads: any. Borrows the intake, which outlives it; whoever settles its deliveries ends before this does.
class WaysIn {
 public:
  struct Options {
    WayOptions access;
    RequestIds::Options request_ids;
    std::size_t max_event_bytes = std::size_t{64} << 20;  // of a body of POST /v1/events, inflated
  };

  /// `now`: the wall clock, from any thread.
  WaysIn(const Options& options, Intake& intake, std::function<engine::EventTime()> now);

  /// Whether the request is for one of the ways: its path is one of theirs, whatever the method; `/` counts only when
  /// it is posted to or X-Amz-Target is there.
  static bool takes(const HttpHead& head);

  /// Both want a request that takes() says yes to. They do not block.
  Admission admit(const HttpHead& head);
  void handle(HttpRequest request, Reply reply);

  /// Both in the server's form. It borrows this.
  HttpService service();

  /// Other keys and streams from now on. Requests under way end by those they began with.
  void change_access(const WayOptions& access);

  const WayCounters& counters() const { return counters_; }

 private:
  std::shared_ptr<const WayAccess> access() const;

  WayCounters counters_;
  FirehoseDelivery firehose_;
  AwsApi aws_;
  EventsWay events_;
  mutable std::mutex mutex_;
  std::shared_ptr<const WayAccess> access_;
};

}  // namespace tripline::connectors::net
