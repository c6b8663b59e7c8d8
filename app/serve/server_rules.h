#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "engine/accounts.h"
#include "engine/event_time.h"
#include "engine/result.h"
#include "rules/file_cache.h"
#include "rules/loader.h"

namespace tripline::app {

/// The rules that the configuration names, loaded. kBadRule: some do not compile, or a file cannot be read, and
/// rules.on_error is `refuse`, or none is left; the message counts them and names the first. kIo: a path is not there.
/// Files that have not changed since the last call are not read again.
engine::Result<std::shared_ptr<const rules::Loaded>> load_server_rules(const Config& config, engine::EventTime now,
                                                                       rules::FileCache& files);

/// The first day (UTC) on which a filter that is at work is over; nothing: none has an end.
std::optional<std::chrono::sys_days> next_filter_end(const rules::Loaded& loaded);

/// Null: the configuration names no file.
engine::Result<std::shared_ptr<const engine::Accounts>> load_server_accounts(const Config& config);

/// Every file that the two read, and those of the configuration and its certificates.
std::vector<std::string> files_of(const Config& config);

}  // namespace tripline::app
