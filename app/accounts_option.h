#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "engine/accounts.h"
#include "engine/result.h"
#include "engine/rule_set.h"

namespace tripline::app {

/// `--accounts FILE`, for commands in which the fields `account.*` have a meaning.
struct AccountsOption {
  std::string path;

  void declare(Arguments& arguments);

  /// Null without the option. Errors: as read_accounts_file().
  engine::Result<std::shared_ptr<const engine::Accounts>> load() const;

  /// Warns of fields `account.*` among `fields` when there is no file that tells of them.
  void warn_of(const std::vector<std::string>& fields, Console& console) const;
};

/// The fields that a detection reads or shows, by name.
std::vector<std::string> fields_of(const engine::Detection& detection, const engine::RuleSet& rules);

}  // namespace tripline::app
