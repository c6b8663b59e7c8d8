#pragma once

#include <cstddef>
#include <string>

#include "alerts/message.h"
#include "alerts/message_json.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// A message as a document of the Elastic Common Schema (9.x), with the message itself in `event.original`, of at most
/// `most` bytes. Of several signals: of the first one's rule, and how many they are. `now`: `event.created`.
std::string ecs_json(const Message& message, engine::EventTime now, const MessageSurroundings& surroundings,
                     std::size_t most);

}  // namespace tripline::alerts
