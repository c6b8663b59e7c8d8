#pragma once

#include <string_view>

#include "app/serve/alerting.h"
#include "engine/result.h"
#include "engine/store/reader.h"

namespace tripline::app {

/// `?sink=soc&state=parked&after=12&limit=100` of GET /api/v1/outbox. kBadInput: what is wrong with it.
engine::Result<engine::store::DeliveryQuery> read_outbox_query(std::string_view query);

/// {"ids": [1, 2]} or {"sink": "soc"}, with "waiting": true beside the sink where `waiting` is allowed. kBadInput: what
/// was expected.
engine::Result<DeliverySelection> read_selection(std::string_view body, bool waiting);

}  // namespace tripline::app
