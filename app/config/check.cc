#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "app/config/alerts.h"
#include "app/config/config.h"
#include "app/config/value.h"
#include "engine/accounts.h"
#include "rules/node_reader.h"

namespace tripline::app {
namespace {

class Checks {
 public:
  Checks(const ConfigNode& tree, rules::Diagnostics& diagnostics) : tree_(tree), diagnostics_(diagnostics) {}

  void run() {
    check_listen();
    check_secrets();
    check_names();
    check_times();
    for (const ConfigNode& item : tree_.at("rules.overrides").children) check_override(item);
    for (const ConfigNode& item : tree_.at("silence.expect").children) check_expected(item);
  }

 private:
  void refuse(const ConfigNode& at, std::string message, std::string hint, std::string_view code = "config-conflict") {
    diagnostics_.add(code, at.origin.at, std::move(message), std::move(hint));
  }

  /// Whether somebody could prove who they are.
  bool has_secret() const {
    return !tree_.at("sources.firehose").children.empty() || !tree_.at("sources.aws.credentials").children.empty() ||
           !tree_.at("sources.events").children.empty() || !tree_.at("api.read_tokens").texts.empty() ||
           !tree_.at("api.admin_tokens").texts.empty();
  }

  void check_listen() {
    const ConfigNode& listen = tree_.at("listen");
    if (listen.children.empty() && listen.present) {
      refuse(listen, "`listen` is empty", "leave it out to listen on 127.0.0.1:8480");
    }
    std::set<std::string> seen;
    for (const ConfigNode& item : listen.children) {
      const ConfigNode& address = item.at("address");
      if (!address.present) continue;
      if (address.number != 0 && !seen.insert(address.text()).second) {
        refuse(address, "`listen` has " + address.text() + " twice", "remove one of the two");
      }
      if (is_loopback(host_of(address.text())) || has_secret()) continue;
      refuse(address, "others than this host reach " + address.text() + ", and no key or token is configured",
             "give a source a key under `sources`, or the API a token under `api.read_tokens`; or listen on 127.0.0.1",
             "config-exposed");
    }
  }

  /// One secret is one identity.
  void check_secrets() {
    struct List {
      std::string_view path, secret, name;
    };
    constexpr List kLists[] = {{"sources.firehose", "key", "name"},
                               {"sources.events", "token", "name"},
                               {"sources.aws.credentials", "access_key_id", ""}};
    for (const List& list : kLists) {
      std::set<std::string> seen;
      for (const ConfigNode& item : tree_.at(list.path).children) {
        const ConfigNode& secret = item.at(list.secret);
        if (!secret.present || seen.insert(secret.text()).second) continue;
        refuse(secret, "`" + std::string(list.path) + "` has the same `" + std::string(list.secret) + "` twice",
               "each stands for one source");
      }
    }
    std::set<std::string> admins(tree_.at("api.admin_tokens").texts.begin(), tree_.at("api.admin_tokens").texts.end());
    for (const std::string& token : tree_.at("api.read_tokens").texts) {
      if (!admins.contains(token)) continue;
      refuse(tree_.at("api.read_tokens"), "a token for reading is one for changing, too",
             "remove it from one of the two; those for changing can read");
      return;
    }
  }

  void check_names() {
    check_distinct("sources.folders", "name");
    check_distinct("sources.aws.streams", "stream");
  }

  void check_distinct(std::string_view path, std::string_view name) {
    std::set<std::string> seen;
    for (const ConfigNode& item : tree_.at(path).children) {
      const ConfigNode& node = item.at(name);
      if (!node.present || seen.insert(node.text()).second) continue;
      refuse(node, "`" + std::string(path) + "` has `" + std::string(name) + ": " + node.text() + "` twice",
             "give each its own");
    }
  }

  void check_times() {
    const auto whole_hours = [&](const ConfigNode& node) {
      if (node.number % 3'600'000 == 0) return;
      refuse(node, "`store." + std::string(node.key->name()) + ": " + node.text() + "` is no whole number of hours",
             "write hours or days", "config-value");
    };
    whole_hours(tree_.at("store.remember"));
    whole_hours(tree_.at("store.retention"));
    const ConfigNode& body = tree_.at("limits.body");
    const ConfigNode& intake = tree_.at("limits.intake");
    if (body.present && intake.present && body.number > intake.number) {
      refuse(body.origin.given ? body : intake, "`limits.body` is more than `limits.intake`",
             "one body of that size would fill the intake; let it hold several");
    }
    const ConfigNode& each = tree_.at("limits.connections_per_address");
    if (each.origin.given && each.present && each.number > tree_.at("limits.connections").number) {
      refuse(each, "`limits.connections_per_address` is more than `limits.connections`", "write less");
    }
  }

  void check_override(const ConfigNode& item) {
    const ConfigNode& match = item.at("match");
    if (!match.present) return;
    const bool has_account = !match.at("account.env").texts.empty();
    bool selects = has_account;
    for (const ConfigNode& key : match.children) selects = selects || !key.texts.empty();
    if (!selects) {
      refuse(match, "the override's `match` is empty", "to match all rules, write `name: '*'`");
    }
    check_words(match.at("level"), "informational low medium high critical");
    check_words(match.at("status"), "stable test experimental deprecated unsupported");
    const bool changes = item.at("enabled").origin.given || item.at("level").origin.given ||
                         item.at("mode").origin.given || item.at("period").origin.given ||
                         item.at("group").origin.given;
    if (!changes) {
      refuse(item, "the override changes nothing", "say `enabled`, `level`, `mode`, `period` or `group`");
    }
    if (item.at("group").present && item.at("group").texts.empty()) {
      refuse(item.at("group"), "`group` names no field", "leave it out to keep the rule's own");
    }
    if (has_account && !tree_.at("accounts").present) {
      refuse(match.at("account.env"), "without `accounts` no account has an `env`",
             "name the file of accounts: `accounts: accounts.yml`");
    }
  }

  void check_words(const ConfigNode& node, std::string_view words) {
    for (const std::string& text : node.texts) {
      ConfigNode scratch;
      const auto fault = read_value({.path = node.key->path, .type = ConfigType::kWord, .words = words}, text, scratch);
      if (!fault) continue;
      refuse(node, "`" + std::string(node.key->name()) + ": " + text + "` " + fault.what, fault.hint, "config-value");
    }
  }

  void check_expected(const ConfigNode& item) {
    const ConfigNode& account = item.at("account");
    if (item.at("source").present == account.present) {
      refuse(item, "`silence.expect` names a `source` or an `account`", "write one of the two in each");
    }
    if (account.present && !engine::is_account_id(account.text())) {
      refuse(account, "`account: " + account.text() + "` is no account's id", "write its 12 digits, in quotes",
             "config-value");
    }
  }

  const ConfigNode& tree_;
  rules::Diagnostics& diagnostics_;
};

}  // namespace

void check_config(const ConfigNode& tree, rules::Diagnostics& diagnostics) {
  Checks(tree, diagnostics).run();
  check_alerts(tree, diagnostics);
}

}  // namespace tripline::app
