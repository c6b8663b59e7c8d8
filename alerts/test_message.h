#pragma once

#include "alerts/message.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// What `tripline sink test` sends: a made-up signal of level low, marked as a test in every form. Its key is another
/// one each millisecond, so that a receiver that knows repetitions takes it anew.
Message test_message(engine::EventTime now);

}  // namespace tripline::alerts
