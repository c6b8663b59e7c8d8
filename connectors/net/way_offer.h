#pragma once

#include <functional>
#include <string>

#include "connectors/intake.h"
#include "connectors/net/way_counters.h"
#include "engine/envelope.h"
#include "engine/event_time.h"

namespace tripline::connectors::net {

/// What every way in works with. `now` is the wall clock; it is called on any thread.
struct WayContext {
  Intake& intake;
  std::function<engine::EventTime()> now;
  WayCounters& counters;
};

/// Offers a delivery; `then` is told once what became of it: at once when the intake refuses it, else when it is
/// settled and on the thread that settles. One that the intake forgets takes `then` with it.
void offer(const WayContext& context, engine::Envelope envelope, std::function<void(WayOutcome)> then);

/// Why a delivery that was in order could not be taken, for people; empty: it was.
std::string reason_of(WayOutcome outcome);

}  // namespace tripline::connectors::net
