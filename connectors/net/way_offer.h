#pragma once

#include <functional>
#include <string>

#include "connectors/intake.h"
#include "connectors/net/http_message.h"
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

/// Whether there is no room for what a head announces, so that its body need not be read only to be refused: under
/// overload, reading what cannot be taken would take the time of what can. A guess, as others come and go meanwhile.
bool is_full_for(const WayContext& context, const HttpHead& head);

/// Offers a delivery; `then` is told once what became of it: at once when the intake refuses it, else when it is
/// settled and on the thread that settles. One that the intake forgets takes `then` with it.
void offer(const WayContext& context, engine::Envelope envelope, std::function<void(WayOutcome)> then);

/// Why a delivery that was in order could not be taken, for people; empty: it was.
std::string reason_of(WayOutcome outcome);

}  // namespace tripline::connectors::net
