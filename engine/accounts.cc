#include "engine/accounts.h"

#include <algorithm>
#include <utility>

namespace tripline::engine {

bool is_account_id(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Accounts::Accounts(std::vector<AccountFacts> accounts) : accounts_(std::move(accounts)) {
  for (std::size_t i = 0; i < accounts_.size(); ++i) by_id_.emplace(accounts_[i].id, i);
}

const AccountFacts* Accounts::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &accounts_[found->second];
}

}  // namespace tripline::engine
