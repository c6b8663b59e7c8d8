#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "engine/accounts.h"
#include "engine/event_time.h"
#include "engine/result.h"
#include "rules/loader.h"

namespace tripline::app {

/// The rules that the configuration names, loaded. kBadRule: some do not compile and rules.on_error is `refuse`, or
/// none is left; the message counts them and names the first. kIo: a path is not there.
engine::Result<std::shared_ptr<const rules::Loaded>> load_server_rules(const Config& config, engine::EventTime now);

/// Null: the configuration names no file.
engine::Result<std::shared_ptr<const engine::Accounts>> load_server_accounts(const Config& config);

/// Every file that the two read, and those of the configuration and its certificates.
std::vector<std::string> files_of(const Config& config);

}  // namespace tripline::app
