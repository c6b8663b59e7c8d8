#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tripline::engine {

/// Whether it is an AWS account's id: 12 digits.
bool is_account_id(std::string_view text);

/// What a user tells of an AWS account; empty where nothing is told.
struct AccountFacts {
  std::string id;     // 12 digits
  std::string name;   // payments-prod
  std::string env;    // prod
  std::string owner;  // team-payments

  bool operator==(const AccountFacts&) const = default;
};

/// The accounts that the user knows; the fields `account.*`. Immutable once built and shared by all workers; news of
/// accounts come as another one in its place.
class Accounts {
 public:
  explicit Accounts(std::vector<AccountFacts> accounts);
  Accounts(const Accounts&) = delete;  // by_id_ views accounts_
  Accounts& operator=(const Accounts&) = delete;

  /// Null when the account is not known.
  const AccountFacts* find(std::string_view id) const;
  std::size_t size() const { return accounts_.size(); }

 private:
  std::vector<AccountFacts> accounts_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
};

}  // namespace tripline::engine
