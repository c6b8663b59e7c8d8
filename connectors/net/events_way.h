#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/net/call_ids.h"
#include "connectors/net/http_message.h"
#include "connectors/net/way_access.h"
#include "connectors/net/way_offer.h"

namespace tripline::connectors::net {

/// POST /v1/events: events as JSON in any form that files may have (lines, arrays, {"Records":[...]}, gzip), for curl,
/// Vector, Fluent Bit and scripts. 200 says that everything of the body is durable; what of it is no record was set
/// aside. Each answer is a JSON object: `accepted`, and with false `error`, a word for programs, and `message`.
/// Threads: any. Whoever settles deliveries ends before it does.
class EventsWay {
 public:
  /// `max_bytes`: of a body, inflated.
  EventsWay(WayContext context, std::size_t max_bytes)
      : context_(std::move(context)), max_bytes_(max_bytes), ids_(context_.now()) {}

  Admission admit(const HttpHead& head, const WayAccess& access);
  void handle(HttpRequest request, const WayAccess& access, Reply reply);

 private:
  struct Refusal {
    int status;
    WayOutcome outcome;
    std::string why;
  };
  std::optional<Refusal> check(const HttpHead& head, const WaySource* source) const;
  HttpResponse refuse(const WaySource* source, const Refusal& refusal, std::size_t bytes);

  WayContext context_;
  std::size_t max_bytes_;
  CallIds ids_;
};

}  // namespace tripline::connectors::net
