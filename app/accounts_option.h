#pragma once

#include <memory>
#include <string>

#include "app/arguments.h"
#include "engine/accounts.h"
#include "engine/result.h"

namespace tripline::app {

/// `--accounts FILE`, for commands in which the fields `account.*` have a meaning.
struct AccountsOption {
  std::string path;

  void declare(Arguments& arguments);

  /// Null without the option. Errors: as read_accounts_file().
  engine::Result<std::shared_ptr<const engine::Accounts>> load() const;
};

}  // namespace tripline::app
