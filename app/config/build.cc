#include <algorithm>
#include <utility>

#include "app/config/alerts.h"
#include "app/config/config.h"
#include "app/config/value.h"

namespace tripline::app {
namespace {

template <class Duration>
Duration as(const ConfigNode& node) {
  return std::chrono::duration_cast<Duration>(node.duration());
}

template <class T>
std::vector<T> each(const ConfigNode& list, T (*build)(const ConfigNode& item)) {
  std::vector<T> all;
  for (const ConfigNode& item : list.children) all.push_back(build(item));
  return all;
}

Config::Listen listen(const ConfigNode& item) {
  Config::Listen listen;
  listen.host = host_of(item.at("address").text());
  listen.port = static_cast<std::uint16_t>(item.at("address").number);
  if (const ConfigNode& tls = item.at("tls"); tls.present) {
    listen.tls = {tls.at("cert").text(), tls.at("key").text(), tls.at("client_ca").text()};
  }
  return listen;
}

Config::Limits limits(const ConfigNode& node) {
  Config::Limits limits;
  limits.intake_bytes = node.at("intake").number;
  limits.body_bytes = node.at("body").number;
  limits.header_bytes = node.at("headers").number;
  limits.connections = node.at("connections").number;
  limits.connections_per_address = node.at("connections_per_address").number;
  limits.header_time = node.at("header_time").duration();
  limits.body_time = node.at("body_time").duration();
  limits.idle_time = node.at("idle_time").duration();
  limits.answer_time = node.at("answer_time").duration();
  return limits;
}

Config::Store store(const ConfigNode& node) {
  Config::Store store;
  store.path = node.at("path").text();
  store.retention = as<std::chrono::hours>(node.at("retention"));
  store.retention_bytes = node.at("retention_bytes").number;
  store.remember = as<std::chrono::hours>(node.at("remember"));
  store.remember_events = node.at("remember_events").number;
  store.checkpoint = as<std::chrono::seconds>(node.at("checkpoint"));
  store.checkpoint_bytes = node.at("checkpoint_bytes").number;
  store.dead_letter_bytes = node.at("dead_letters").number;
  return store;
}

Config::Firehose firehose(const ConfigNode& item) { return {item.at("key").text(), item.at("name").text()}; }

Config::Credentials credentials(const ConfigNode& item) {
  return {item.at("access_key_id").text(), item.at("secret_access_key").text()};
}

Config::Stream stream(const ConfigNode& item) {
  const std::string name = item.at("name").present ? item.at("name").text() : item.at("stream").text();
  return {item.at("stream").text(), name};
}

Config::Events events(const ConfigNode& item) { return {item.at("token").text(), item.at("name").text()}; }

Config::Folder folder(const ConfigNode& item) {
  Config::Folder folder;
  folder.path = item.at("path").text();
  folder.name = item.at("name").text();
  folder.patterns = item.at("patterns").texts;
  folder.rescan = item.at("rescan").duration();
  folder.settle = item.at("settle").duration();
  return folder;
}

Config::Sources sources(const ConfigNode& node) {
  Config::Sources sources;
  sources.firehose = each(node.at("firehose"), &firehose);
  sources.aws.region = node.at("aws.region").text();
  sources.aws.account = node.at("aws.account").text();
  sources.aws.credentials = each(node.at("aws.credentials"), &credentials);
  sources.aws.streams = each(node.at("aws.streams"), &stream);
  sources.events = each(node.at("events"), &events);
  sources.folders = each(node.at("folders"), &folder);
  return sources;
}

rules::Override override_of(const ConfigNode& item) {
  rules::Override change;
  const ConfigNode& match = item.at("match");
  change.match.ids = match.at("id").texts;
  change.match.names = match.at("name").texts;
  change.match.tags = match.at("tag").texts;
  for (const std::string& level : match.at("level").texts) change.match.levels.push_back(*engine::parse_level(level));
  change.match.statuses = match.at("status").texts;
  change.match.paths = match.at("path").texts;
  change.match.account_envs = match.at("account.env").texts;
  if (item.at("enabled").present) change.enabled = item.at("enabled").flag();
  if (item.at("level").present) change.level = engine::parse_level(item.at("level").text());
  if (item.at("mode").present) change.dry_run = item.at("mode").text() == "dry_run";
  if (item.at("period").present) change.period = as<std::chrono::seconds>(item.at("period"));
  if (item.at("group").present) change.group = item.at("group").texts;
  change.reason = item.at("reason").text();
  change.at = item.origin.at;
  return change;
}

Config::Rules rules_of(const ConfigNode& node) {
  Config::Rules rules;
  rules.paths = node.at("paths").texts;
  rules.lists = node.at("lists").text();
  rules.fields.insert(node.at("fields").pairs.begin(), node.at("fields").pairs.end());
  rules.include_deprecated = node.at("include_deprecated").flag();
  rules.on_error = node.at("on_error").text() == "skip" ? Config::OnError::kSkip : Config::OnError::kRefuse;
  rules.overrides = build_overrides(node.at("overrides"));
  return rules;
}

Config::Silence silence(const ConfigNode& node) {
  Config::Silence silence;
  silence.after = node.at("after").duration();
  silence.forget = node.at("forget").duration();
  for (const ConfigNode& item : node.at("expect").children) {
    Config::Expected expected;
    expected.source = item.at("source").text();
    expected.account = item.at("account").text();
    expected.after = item.at("after").present ? item.at("after").duration() : silence.after;
    expected.signal = item.at("signal").flag();
    silence.expect.push_back(std::move(expected));
  }
  return silence;
}

}  // namespace

std::vector<rules::Override> build_overrides(const ConfigNode& list) { return each(list, &override_of); }

Config build_config(const ConfigNode& tree) {
  Config config;
  config.listen = each(tree.at("listen"), &listen);
  config.limits = limits(tree.at("limits"));
  config.correlations.groups = tree.at("correlations.groups").number;
  config.correlations.entries = tree.at("correlations.entries").number;
  config.store = store(tree.at("store"));
  config.lateness = tree.at("lateness").duration();
  config.workers = tree.at("workers").number;
  config.sources = sources(tree.at("sources"));
  config.rules = rules_of(tree.at("rules"));
  config.accounts = tree.at("accounts").text();
  config.api = {tree.at("api.read_tokens").texts, tree.at("api.admin_tokens").texts};
  config.silence = silence(tree.at("silence"));
  config.sinks = build_sinks(tree);
  config.routes = build_routes(tree, config.sinks);
  config.logs = {tree.at("logs.format").text(), tree.at("logs.level").text()};
  config.stop_drain = tree.at("stop.drain").duration();
  config.reload = {tree.at("reload.watch").flag(), tree.at("reload.interval").duration()};
  return config;
}

}  // namespace tripline::app
