#include "connectors/net/ways_in.h"

#include <utility>

namespace tripline::connectors::net {

WaysIn::WaysIn(const Options& options, Intake& intake, std::function<engine::EventTime()> now)
    : firehose_({intake, std::move(now), counters_}, options.request_ids),
      access_(std::make_shared<WayAccess>(options.access, counters_)) {}

bool WaysIn::takes(const HttpHead& head) { return head.path() == "/firehose"; }

Admission WaysIn::admit(const HttpHead& head) { return firehose_.admit(head, *access()); }

void WaysIn::handle(HttpRequest request, Reply reply) {
  firehose_.handle(std::move(request), *access(), std::move(reply));
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
