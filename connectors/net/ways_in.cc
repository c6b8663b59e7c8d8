#include "connectors/net/ways_in.h"

#include <utility>

namespace tripline::connectors::net {

namespace {

enum class Route { kNone, kFirehose, kAws, kEvents };

Route route_of(const HttpHead& head) {
  const std::string_view path = head.path();
  if (path == "/firehose") return Route::kFirehose;
  if (path == "/v1/events") return Route::kEvents;
  if (path == "/" && (head.method == "POST" || head.find("x-amz-target"))) return Route::kAws;
  return Route::kNone;
}

HttpResponse not_found() {
  HttpResponse answer;
  answer.status = 404;
  answer.body = R"({"error":"not_found","message":"nothing is here"})";
  return answer;
}

}  // namespace

WaysIn::WaysIn(const Options& options, Intake& intake, std::function<engine::EventTime()> now)
    : firehose_({intake, now, counters_}, options.request_ids),
      aws_({intake, now, counters_}),
      events_({intake, now, counters_}, options.max_event_bytes),
      access_(std::make_shared<WayAccess>(options.access, counters_)) {}

bool WaysIn::takes(const HttpHead& head) { return route_of(head) != Route::kNone; }

Admission WaysIn::admit(const HttpHead& head) {
  const auto current = access();
  switch (route_of(head)) {
    case Route::kFirehose:
      return firehose_.admit(head, *current);
    case Route::kAws:
      return aws_.admit(head, *current);
    case Route::kEvents:
      return events_.admit(head, *current);
    case Route::kNone:
      break;
  }
  Admission admission;
  admission.refusal = not_found();
  return admission;
}

void WaysIn::handle(HttpRequest request, Reply reply) {
  const auto current = access();
  switch (route_of(request.head)) {
    case Route::kFirehose:
      return firehose_.handle(std::move(request), *current, std::move(reply));
    case Route::kAws:
      return aws_.handle(std::move(request), *current, std::move(reply));
    case Route::kEvents:
      return events_.handle(std::move(request), *current, std::move(reply));
    case Route::kNone:
      return reply(not_found());
  }
}

HttpService WaysIn::service() {
  return {.admit = [this](const HttpHead& head) { return admit(head); },
          .handle = [this](HttpRequest request, Reply reply) { handle(std::move(request), std::move(reply)); }};
}

void WaysIn::change_access(const WayOptions& access) {
  auto changed = std::make_shared<const WayAccess>(access, counters_);
  const std::lock_guard lock(mutex_);
  access_.swap(changed);
}

std::shared_ptr<const WayAccess> WaysIn::access() const {
  const std::lock_guard lock(mutex_);
  return access_;
}

}  // namespace tripline::connectors::net
