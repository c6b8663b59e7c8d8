#pragma once

#include "alerts/router.h"
#include "app/config/config.h"
#include "app/serve/clock.h"
#include "app/serve/live_engine.h"
#include "app/serve/routes.h"
#include "app/serve/senders.h"
#include "app/serve/silence.h"
#include "connectors/net/http_server.h"
#include "connectors/net/way_access.h"
#include "engine/store/sqlite_store.h"

namespace tripline::app {

// What the parts of a Server are told, of its configuration. Those that take a clock borrow it.

connectors::net::WayOptions access_of(const Config& config);
Routes::Tokens tokens_of(const Config& config);
connectors::net::HttpServer::Options http_options(const Config& config);
engine::store::SqliteStore::Settings store_settings(const Config& config, const Clock& clock);
LiveEngine::Options engine_options(const Config& config, const Clock& clock);
alerts::Router::Options routing_of(const Config& config, const Senders& senders);
SilenceOptions silence_options(const Config& config);

}  // namespace tripline::app
