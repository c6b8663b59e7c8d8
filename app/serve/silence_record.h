#pragma once

#include <string>

#include "app/serve/silence.h"
#include "engine/envelope.h"

namespace tripline::app {

/// That somebody is silent, as a record in CloudTrail's form: `eventSource: tripline`, `eventName: SenderSilent`, who
/// it is and since when in `requestParameters`. It goes the way of all records, so that rules, routes and silences
/// apply to it, and it is durable. The same silence has the same event key, whichever process tells of it. It names no
/// account as its recipient, which would count as that account's sign of life.
std::string silence_record(const Silent& one);

/// The record, as a delivery of kOwnSource.
engine::Envelope silence_delivery(const Silent& one);

}  // namespace tripline::app
