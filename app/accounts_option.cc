#include "app/accounts_option.h"

#include <algorithm>
#include <iterator>

#include "app/accounts_file.h"
#include "engine/derived.h"

namespace tripline::app {

void AccountsOption::declare(Arguments& arguments) {
  arguments.text("--accounts", "FILE", path, "names of accounts, for account.* (docs/identity.md)");
}

engine::Result<std::shared_ptr<const engine::Accounts>> AccountsOption::load() const {
  if (path.empty()) return std::shared_ptr<const engine::Accounts>();
  return read_accounts_file(path);
}

void AccountsOption::warn_of(const std::vector<std::string>& fields, Console& console) const {
  if (!path.empty()) return;
  std::vector<std::string> ours;
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(ours), [](const std::string& field) {
    return field.starts_with("account.") && engine::find_derived(field) != nullptr;
  });
  std::sort(ours.begin(), ours.end());
  ours.erase(std::unique(ours.begin(), ours.end()), ours.end());
  if (ours.empty()) return;
  std::string all;
  for (const auto& field : ours) all += (all.empty() ? "" : ", ") + field;
  console.warning("of accounts nothing is known without --accounts FILE, which is wanted for " + all);
}

std::vector<std::string> fields_of(const engine::Detection& detection, const engine::RuleSet& rules) {
  std::vector<std::string> names;
  for (const auto field : engine::needs_of(detection, rules).fields) {
    if (rules.cloudtrail) names.push_back(rules.fields[field].path);
  }
  return names;
}

}  // namespace tripline::app
