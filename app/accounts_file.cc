#include "app/accounts_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/rule_files.h"
#include "rules/yaml.h"

namespace tripline::app {

namespace {

using engine::AccountFacts;
using engine::ErrorCode;
using rules::YamlNode;

struct FactRow {
  std::string_view key;
  std::string AccountFacts::*text;
};
constexpr FactRow kFacts[] = {
    {"name", &AccountFacts::name}, {"env", &AccountFacts::env}, {"owner", &AccountFacts::owner}};

constexpr rules::YamlLimits kLimits{.max_bytes = std::size_t{64} << 20, .max_depth = 4, .max_nodes = 1'000'000};

/// `line` 0: of the whole file.
engine::Error mistake(const std::string& path, int line, int column, const std::string& what) {
  const std::string place = line == 0 ? "" : ":" + std::to_string(line) + ":" + std::to_string(column);
  return engine::fail(ErrorCode::kUsage, path + place + ": " + what);
}

engine::Result<AccountFacts> read_account(const YamlNode::Entry& entry, const std::string& path) {
  AccountFacts account{.id = entry.key, .name = {}, .env = {}, .owner = {}};
  if (!engine::is_account_id(entry.key)) {
    return mistake(path, entry.line, entry.column, "an account is named by its 12 digits, in quotes, not " + entry.key);
  }
  if (entry.value.kind != YamlNode::Kind::kMap) {
    return mistake(path, entry.value.line, entry.value.column,
                   "an account has name, env and owner, as in {name: prod}");
  }
  for (const auto& fact : entry.value.entries) {
    const auto* row =
        std::find_if(std::begin(kFacts), std::end(kFacts), [&](const auto& r) { return r.key == fact.key; });
    if (row == std::end(kFacts)) {
      return mistake(path, fact.line, fact.column, "an account has name, env and owner, not " + fact.key);
    }
    if (fact.value.kind != YamlNode::Kind::kScalar) {
      return mistake(path, fact.value.line, fact.value.column, fact.key + " is a text");
    }
    if (!fact.value.is_null()) account.*row->text = fact.value.text;
  }
  return account;
}

}  // namespace

engine::Result<std::shared_ptr<const engine::Accounts>> read_accounts(std::string_view text, const std::string& path) {
  const rules::YamlFile file = rules::read_yaml(text, path, kLimits);
  rules::Diagnostics problems = file.diagnostics;
  if (!file.documents.empty()) problems.append(file.documents.front().problems);
  if (!problems.all().empty()) {
    const rules::Diagnostic& first = problems.all().front();
    return mistake(path, first.at.line, first.at.column, first.message);
  }
  const std::string expected = "expected one document with `accounts:`, a map from account ids to their names";
  if (file.documents.size() != 1) return mistake(path, 1, 1, expected);
  const YamlNode& root = file.documents.front().root;
  for (const auto& entry : root.entries) {
    if (entry.key != "accounts") return mistake(path, entry.line, entry.column, expected + ", not " + entry.key);
  }
  const YamlNode* accounts = root.find("accounts");
  if (accounts == nullptr || accounts->kind != YamlNode::Kind::kMap) return mistake(path, 1, 1, expected);
  std::vector<AccountFacts> all;
  for (const auto& entry : accounts->entries) {
    auto account = read_account(entry, path);
    if (!account) return account.error();
    all.push_back(std::move(*account));
  }
  return std::make_shared<const engine::Accounts>(std::move(all));
}

engine::Result<std::shared_ptr<const engine::Accounts>> read_accounts_file(const std::string& path) {
  const auto text = rules::read_text(path, kLimits.max_bytes);
  if (!text) return engine::fail(text.error().code, path + ": " + text.error().message);
  return read_accounts(*text, path);
}

}  // namespace tripline::app
