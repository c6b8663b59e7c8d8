#include "app/accounts_option.h"

#include "app/accounts_file.h"

namespace tripline::app {

void AccountsOption::declare(Arguments& arguments) {
  arguments.text("--accounts", "FILE", path, "names of accounts, for the fields account.* (docs/identity.md)");
}

engine::Result<std::shared_ptr<const engine::Accounts>> AccountsOption::load() const {
  if (path.empty()) return std::shared_ptr<const engine::Accounts>();
  return read_accounts_file(path);
}

}  // namespace tripline::app
