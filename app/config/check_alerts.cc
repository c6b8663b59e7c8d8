#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "alerts/route.h"
#include "alerts/signal_match.h"
#include "app/config/alerts.h"
#include "app/config/value.h"
#include "rules/node_reader.h"

namespace tripline::app {
namespace {

using Names = std::vector<std::string_view>;

Names kind_names() {
  Names names;
  for (const alerts::SinkKind* kind : alerts::sink_kinds()) names.push_back(kind->name);
  return names;
}

template <class Rows>
Names names_of(const Rows& rows) {
  Names names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

Names words_of(std::string_view words) {
  Names all;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    all.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return all;
}

class AlertChecks {
 public:
  AlertChecks(const ConfigNode& tree, rules::Diagnostics& diagnostics) : tree_(tree), diagnostics_(diagnostics) {}

  void run() {
    for (const ConfigNode& sink : tree_.at("sinks").children) check_sink(sink);
    const ConfigNode& routes = tree_.at("routes");
    for (const ConfigNode& route : routes.children) check_route(route);
    if (!routes.children.empty() && tree_.at("sinks").children.empty()) {
      refuse(routes, "there are `routes` and no `sinks`", "name the sinks that they lead to");
    }
    if (!routes.children.empty()) check_all_are_led_to();
  }

 private:
  void refuse(const ConfigNode& at, std::string message, std::string hint, std::string_view code = "config-conflict") {
    diagnostics_.add(code, at.origin.at, std::move(message), std::move(hint));
  }

  void check_sink(const ConfigNode& sink) {
    const ConfigNode& name = sink.at("name");
    if (name.present && !sinks_.insert(name.text()).second) {
      refuse(name, "there are two sinks `" + name.text() + "`", "give each its own name");
    }
    const ConfigNode* settings = nullptr;
    for (const std::string_view kind : kind_names()) {
      const ConfigNode& section = sink.at(kind);
      if (!section.present) continue;
      if (settings != nullptr) refuse(section, "a sink is of one kind", "make two sinks of it");
      settings = &section;
    }
    if (settings == nullptr) {
      refuse(sink, "the sink has no kind",
             "add a map of settings, such as `slack:`; there are " + rules::enumerate(kind_names()));
    } else {
      check_settings(*settings);
    }
  }

  /// What the kind has against its settings; what is not given is the reader's affair.
  void check_settings(const ConfigNode& section) {
    const alerts::SinkKind& kind = *alerts::find_sink_kind(section.key->name());
    const auto read = alerts::read_sink(kind, given_settings(section));
    for (const alerts::SettingFault& fault : read.faults) {
      const auto at = std::find_if(section.children.begin(), section.children.end(), [&](const ConfigNode& child) {
        return child.key->name() == fault.key.substr(0, fault.key.find('.'));
      });
      if (at == section.children.end()) {
        refuse(section, "`" + fault.key + "` " + fault.message, "", "config-value");
      } else if (at->present) {
        refuse(at->origin.given ? *at : section, "`" + fault.key + "` " + fault.message, "", "config-value");
      } else if (!at->origin.given && !at->key->required) {
        refuse(section, "`" + fault.key + "` " + fault.message, "", "config-value");
      }
    }
    for (const alerts::SettingFault& denied : read.denied) {
      const ConfigNode& url = section.at(denied.key);
      refuse(url.origin.given ? url : section, "`" + denied.key + "` " + denied.message,
             "if that is meant, name the host in the sink's `allow`", "config-denied-address");
    }
  }

  void check_words(const ConfigNode& node, const Names& words) {
    for (const std::string& text : node.texts) {
      if (std::find(words.begin(), words.end(), text) != words.end()) continue;
      const std::string_view near = rules::did_you_mean(text, words);
      refuse(node, "`" + std::string(node.key->name()) + ": " + text + "` is not known",
             near.empty() ? "it takes " + rules::enumerate(words) : "did you mean `" + std::string(near) + "`?",
             "config-value");
    }
  }

  void check_route(const ConfigNode& route) {
    const ConfigNode& name = route.at("name");
    if (name.present && !routes_.insert(name.text()).second) {
      refuse(name, "there are two routes `" + name.text() + "`", "give each its own name");
    }
    Names known(sinks_.begin(), sinks_.end());
    check_words(route.at("sinks"), known);
    for (const std::string& sink : route.at("sinks").texts) led_to_.insert(sink);
    check_words(route.at("changes"), names_of(alerts::kChanges));
    check_words(route.at("group_by"), names_of(alerts::kGroupBys));
    if (route.at("changes").present && route.at("changes").texts.empty()) {
      refuse(route.at("changes"), "`changes` names none", "to tell nothing, write `sinks: []`");
    }
    for (const alerts::Trait& trait : alerts::kTraits) {
      const ConfigNode& node = route.at("match." + std::string(trait.key));
      if (!trait.words.empty()) check_words(node, words_of(trait.words));
      if (node.origin.given && node.texts.empty()) {
        refuse(node, "`" + std::string(trait.key) + "` names nothing", "leave it out");
      }
    }
    const ConfigNode& env = route.at("match.account.env");
    if (env.origin.given && !tree_.at("accounts").present) {
      refuse(env, "without `accounts` no account has an `env`", "name the file of accounts: `accounts: accounts.yml`");
    }
  }

  void check_all_are_led_to() {
    for (const ConfigNode& sink : tree_.at("sinks").children) {
      const std::string name = sink.at("name").text();
      if (name.empty() || led_to_.contains(name)) continue;
      refuse(sink, "no route leads to the sink `" + name + "`", "name it in a route, or remove it");
    }
  }

  const ConfigNode& tree_;
  rules::Diagnostics& diagnostics_;
  std::set<std::string> sinks_, routes_, led_to_;
};

}  // namespace

void check_alerts(const ConfigNode& tree, rules::Diagnostics& diagnostics) { AlertChecks(tree, diagnostics).run(); }

}  // namespace tripline::app
