#include "alerts/ecs_json.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/ip.h"
#include "engine/json_text.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::Evidence;
using engine::JsonText;
using engine::Level;
using engine::Signal;

/// Keywords are ignored above this many characters.
std::string_view keyword(std::string_view text) { return engine::cut_utf8(text, 1'024); }

/// Elastic's own risk scores for its levels; `informational` is our own.
constexpr struct {
  Level level;
  int severity;
} kSeverities[] = {
    {Level::kInformational, 1}, {Level::kLow, 21}, {Level::kMedium, 47}, {Level::kHigh, 73}, {Level::kCritical, 99}};

/// Source: MITRE ATT&CK for Enterprise, tactics; the names as Sigma's tags write them.
constexpr struct {
  std::string_view tag, id, name;
} kTactics[] = {
    {"attack.reconnaissance", "TA0043", "Reconnaissance"},
    {"attack.resource-development", "TA0042", "Resource Development"},
    {"attack.initial-access", "TA0001", "Initial Access"},
    {"attack.execution", "TA0002", "Execution"},
    {"attack.persistence", "TA0003", "Persistence"},
    {"attack.privilege-escalation", "TA0004", "Privilege Escalation"},
    {"attack.defense-evasion", "TA0005", "Defense Evasion"},
    {"attack.credential-access", "TA0006", "Credential Access"},
    {"attack.discovery", "TA0007", "Discovery"},
    {"attack.lateral-movement", "TA0008", "Lateral Movement"},
    {"attack.collection", "TA0009", "Collection"},
    {"attack.command-and-control", "TA0011", "Command and Control"},
    {"attack.exfiltration", "TA0010", "Exfiltration"},
    {"attack.impact", "TA0040", "Impact"},
};

void strings(JsonText& json, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  json.key(key).begin_array();
  for (const std::string& value : values) json.string(keyword(value));
  json.end_array();
}

/// `attack.t1098.003` -> `T1098.003`; empty: the tag is no technique.
std::string technique_of(std::string_view tag) {
  constexpr std::string_view kPrefix = "attack.t";
  if (!tag.starts_with(kPrefix) || tag.size() < kPrefix.size() + 4) return {};
  const std::string_view digits = tag.substr(kPrefix.size());
  if (digits.find_first_not_of("0123456789.") != std::string_view::npos) return {};
  return "T" + std::string(digits);
}

void threat(JsonText& json, const engine::Rule& rule) {
  std::vector<std::string> ids, names, techniques, parts;
  for (std::string tag : rule.tags) {
    std::replace(tag.begin(), tag.end(), '_', '-');  // both are in use
    for (const auto& row : kTactics) {
      if (row.tag != tag) continue;
      ids.emplace_back(row.id);
      names.emplace_back(row.name);
    }
    const std::string technique = technique_of(tag);
    if (technique.empty()) continue;
    (technique.find('.') == std::string::npos ? techniques : parts).push_back(technique);
    if (technique.find('.') != std::string::npos) techniques.push_back(technique.substr(0, technique.find('.')));
  }
  if (ids.empty() && techniques.empty()) return;
  json.key("threat").begin_object().member("framework", "MITRE ATT&CK");
  if (!ids.empty()) {
    json.key("tactic").begin_object();
    strings(json, "id", ids);
    strings(json, "name", names);
    json.end_object();
  }
  if (!techniques.empty()) {
    json.key("technique").begin_object();
    strings(json, "id", techniques);
    if (!parts.empty()) {
      json.key("subtechnique").begin_object();
      strings(json, "id", parts);
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
}

std::string_view outcome_of(const Evidence* event) {
  if (event == nullptr || event->outcome.empty()) return "unknown";
  return event->outcome == "success" ? "success" : "failure";  // denied is a failure
}

void event(JsonText& json, const Message& message, const Evidence* first, engine::EventTime now,
           const MessageSurroundings& surroundings, std::size_t most) {
  const Signal& signal = *message.told.front().signal;
  json.key("event").begin_object().member("kind", "alert");
  json.raw_member("category", R"(["intrusion_detection"])").raw_member("type", R"(["info"])");
  json.raw_member("severity", std::to_string(kSeverities[static_cast<int>(level_of(message))].severity));
  json.member("id", message.key).member("code", keyword(signal.rule().id)).member("module", "tripline");
  json.member("dataset", "tripline.signals").member("created", engine::format_time(now));
  json.member("start", engine::format_time(signal.first)).member("end", engine::format_time(signal.last));
  if (first != nullptr && !message.grouped()) {
    json.optional_member("action", keyword(first->event_name))
        .optional_member("provider", keyword(first->event_source));
    json.member("outcome", outcome_of(first));
  }
  json.member("original", message_json(message, surroundings, most)).end_object();
}

void rule(JsonText& json, const engine::Rule& rule) {
  json.key("rule").begin_object().member("id", keyword(rule.id)).member("name", keyword(rule.title));
  json.optional_member("description", keyword(rule.description));
  if (!rule.author.empty()) strings(json, "author", {rule.author});
  if (!rule.references.empty()) json.member("reference", keyword(rule.references.front()));
  json.end_object();
}

void cloud(JsonText& json, const Signal& signal, const engine::Accounts* known) {
  if (signal.accounts.empty()) return;
  const engine::AccountFacts* facts = known == nullptr ? nullptr : known->find(signal.accounts.front());
  json.key("cloud").begin_object().member("provider", "aws").key("account").begin_object();
  json.member("id", signal.accounts.front());
  if (facts != nullptr) json.optional_member("name", keyword(facts->name));
  json.end_object();
  if (!signal.regions.empty()) json.member("region", keyword(signal.regions.front()));
  json.end_object();
}

/// `source.ip` takes addresses alone: CloudTrail also has names of services there.
void who_and_where(JsonText& json, const Signal& signal, const Evidence& first) {
  if (!first.address.empty()) {
    json.key("source").begin_object().member("address", keyword(first.address));
    if (engine::parse_address(first.address)) json.member("ip", first.address);
    json.end_object();
  }
  if (!first.actor.empty() || !first.actor_principal.empty()) {
    json.key("user").begin_object().optional_member("name", keyword(first.actor));
    json.optional_member("id", keyword(first.actor_principal)).end_object();
  }
  if (!first.user_agent.empty()) {
    json.key("user_agent").begin_object().member("original", keyword(first.user_agent)).end_object();
  }
  std::vector<std::string> addresses, users = signal.actors;
  std::copy_if(signal.addresses.begin(), signal.addresses.end(), std::back_inserter(addresses),
               [](const std::string& address) { return engine::parse_address(address).has_value(); });
  if (!first.origin.empty() && std::find(users.begin(), users.end(), first.origin) == users.end()) {
    users.push_back(first.origin);
  }
  json.key("related").begin_object();
  strings(json, "ip", addresses);
  strings(json, "user", users);
  json.end_object();
}

}  // namespace

std::string ecs_json(const Message& message, engine::EventTime now, const MessageSurroundings& surroundings,
                     std::size_t most) {
  const Told& told = message.told.front();
  const Signal& signal = *told.signal;
  const Evidence* first = signal.evidence.empty() ? nullptr : signal.evidence.front().get();
  JsonText json;
  json.begin_object().member("@timestamp", engine::format_time(signal.last));
  json.key("ecs").begin_object().member("version", "9.0.0").end_object();
  json.member("message", headline(message, surroundings.accounts));
  strings(json, "tags", signal.rule().tags);
  event(json, message, first, now, surroundings, most);
  rule(json, signal.rule());
  threat(json, signal.rule());
  if (!message.grouped()) {
    cloud(json, signal, surroundings.accounts);
    if (first != nullptr) who_and_where(json, signal, *first);
  }
  json.key("tripline").begin_object().member("change", change_of(message)).member("level", name_of(level_of(message)));
  json.member("thread", thread_of(message));
  if (message.grouped()) {
    json.raw_member("signals", std::to_string(message.signals()));
  } else {
    json.member("signal_id", signal.id).raw_member("revision", std::to_string(told.revision));
    json.raw_member("triggers", std::to_string(signal.triggers));
  }
  if (message.test) json.raw_member("test", "true");
  return json.end_object().end_object().take();
}

}  // namespace tripline::alerts
