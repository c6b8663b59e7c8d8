#pragma once

#include <string>
#include <string_view>

#include "connectors/net/http_message.h"
#include "engine/event_time.h"

namespace tripline::connectors::net {

/// The one form of answer that Firehose understands: `requestId`, `timestamp`, and `error` where it is not empty, cut
/// to what the field may have. Anything else it takes for a failure, and sends the batch again. Source: Data Firehose
/// Developer Guide, "HTTP endpoint delivery request and response specifications".
HttpResponse firehose_answer(int status, std::string_view request_id, engine::EventTime now,
                             std::string_view error = {});

/// Whether an id can be told back: 1 to 256 visible ASCII characters. Firehose's own are UUIDs.
bool is_request_id(std::string_view id);

}  // namespace tripline::connectors::net
