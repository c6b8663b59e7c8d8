#pragma once

#include <optional>
#include <string>

#include "app/serve/server_facts.h"
#include "app/serve/stored_signals.h"

namespace tripline::app {

// What calls of /api/v1 answer, each with a line feed. docs/api.yml describes every member. Members may be added; none
// goes, and none changes its meaning.

/// {"signals": [...], "next": ...}
std::string signals_json(const StoredSignals::Page& page);
/// {"signal": ..., "handling": ..., "notes": [...]}
std::string signal_item_json(const StoredSignals::Found& found);
std::string rules_json(const ServerFacts& facts);
std::string sources_json(const ServerFacts& facts);
std::string store_json(const ServerFacts& facts, const engine::store::Counts& counts);
/// What `tripline status` shows. `last`: the newest signal; nothing: there is none.
std::string status_json(const ServerFacts& facts, const std::optional<StoredSignals::Found>& last);

}  // namespace tripline::app
