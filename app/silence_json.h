#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/silence.h"
#include "engine/event_time.h"
#include "engine/json_text.h"
#include "engine/result.h"

namespace tripline::app {

/// Reads the body of `POST /api/v1/silences`:
///
///     {"match": {"rule": ["..."], "actor.name": ["..."], "account.id": ["..."]},
///      "for": "2h", "by": "who", "comment": "why"}
///
/// with "until" in the place of "for", and "from", as times, where it does not begin at once. The result is checked and
/// has its id. kBadInput says what was expected.
engine::Result<alerts::Silence> read_silence(std::string_view body, engine::EventTime now);

/// As the API shows it. `warnings`: what seems to be wrong with it, sentences.
void write_silence(const alerts::Silence& silence, engine::EventTime now, engine::JsonText& json,
                   const std::vector<std::string>& warnings = {});

}  // namespace tripline::app
