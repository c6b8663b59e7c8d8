#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/accounts.h"
#include "engine/result.h"

namespace tripline::app {

/// Reads a file of account names, YAML:
///
///     accounts:
///       "111122223333": {name: payments-prod, env: prod, owner: team-payments}
///
/// kIo: it cannot be read. kUsage: it is something else; the message says where and what was expected.
engine::Result<std::shared_ptr<const engine::Accounts>> read_accounts_file(const std::string& path);

/// The same of its text; `path` is for messages.
engine::Result<std::shared_ptr<const engine::Accounts>> read_accounts(std::string_view text, const std::string& path);

}  // namespace tripline::app
