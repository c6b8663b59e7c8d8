#include "alerts/signal_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "alerts/next_step.h"
#include "alerts/summary.h"
#include "engine/group_fields.h"
#include "engine/json_text.h"

namespace tripline::alerts {
namespace {

using engine::Evidence;
using engine::JsonText;
using engine::Signal;

void strings(JsonText& json, std::string_view name, const std::vector<std::string>& values) {
  json.key(name).begin_array();
  for (const std::string& value : values) json.string(value);
  json.end_array();
}

void number(JsonText& json, std::string_view name, std::uint64_t value) {
  json.raw_member(name, std::to_string(value));
}

void flag(JsonText& json, std::string_view name, bool value) { json.raw_member(name, value ? "true" : "false"); }

void time(JsonText& json, std::string_view name, const std::optional<engine::EventTime>& time) {
  if (time) json.member(name, engine::format_time(*time));
}

/// The shortest text that reads back as the same number. JSON has no infinity.
std::string shortest(double value) {
  constexpr double kMost = std::numeric_limits<double>::max();
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::clamp(value, -kMost, kMost)).ptr;
  return {text.data(), end};
}

void rule(JsonText& json, const Signal& signal) {
  const engine::Rule& rule = signal.rule();
  json.key("rule").begin_object().member("id", rule.id).member("title", rule.title);
  json.member("level", engine::name_of(rule.level));
  json.member("kind", signal.of_correlation ? "correlation" : "detection");
  json.optional_member("author", rule.author).optional_member("description", rule.description);
  strings(json, "tags", rule.tags);
  strings(json, "false_positives", rule.false_positives);
  strings(json, "references", rule.references);
  json.optional_member("response", rule.response);
  json.end_object();
}

void group(JsonText& json, const Signal& signal) {
  const auto fields = engine::group_fields(signal);
  json.key("group").begin_array();
  for (std::size_t i = 0; i < signal.group.size(); ++i) {
    json.begin_object();
    if (!fields.empty()) json.member("field", fields[i]);
    json.member("value", signal.group[i]).end_object();
  }
  json.end_array();
}

/// "true" and "false" as they stand in records.
void record_flag(JsonText& json, std::string_view name, const std::string& text) {
  if (text == "true" || text == "false") json.raw_member(name, text);
}

void actor(JsonText& json, const Evidence& e) {
  if (e.actor_principal.empty() && e.actor.empty()) return;
  json.key("actor").begin_object();
  json.member("name", e.actor).member("principal", e.actor_principal).optional_member("kind", e.actor_kind);
  json.optional_member("type", e.actor_type).optional_member("account", e.actor_account);
  json.optional_member("access_key", e.access_key);
  record_flag(json, "mfa", e.mfa);
  flag(json, "console", e.from_console == "true");
  json.optional_member("session_start", e.session_start).end_object();
}

void origin(JsonText& json, const Evidence& e) {
  if (e.resolution.empty()) return;
  json.key("origin").begin_object();
  json.member("name", e.origin).member("principal", e.origin_principal).optional_member("kind", e.origin_kind);
  json.optional_member("account", e.origin_account).member("chain", e.chain).member("resolution", e.resolution);
  json.end_object();
}

void accounts(JsonText& json, const Signal& signal, const engine::Accounts* known) {
  json.key("accounts").begin_array();
  for (const std::string& id : signal.accounts) {
    const engine::AccountFacts* facts = known == nullptr ? nullptr : known->find(id);
    json.begin_object().member("id", id);
    if (facts != nullptr) json.optional_member("name", facts->name);
    json.end_object();
  }
  json.end_array();
}

void actions(JsonText& json, const Signal& signal) {
  json.key("actions").begin_array();
  for (const engine::ActionCount& action : signal.actions) {
    json.begin_object().member("eventName", action.event_name);
    for (const auto& row : engine::kOutcomeCounts) number(json, row.outcome, action.*row.count);
    json.key("error_codes").begin_object();
    for (const auto& [code, count] : action.error_codes) number(json, code, count);
    json.end_object().end_object();
  }
  json.end_array();
  number(json, "other_actions", signal.other_actions);
}

void resources(JsonText& json, const std::vector<engine::Resource>& all) {
  json.key("resources").begin_array();
  for (const engine::Resource& resource : all) {
    json.begin_object().member("id", resource.id);
    json.optional_member("type", resource.type).optional_member("account", resource.account).end_object();
  }
  json.end_array();
}

void evidence(JsonText& json, const Evidence& e) {
  json.begin_object();
  time(json, "eventTime", e.time);
  json.optional_member("eventID", e.event_id)
      .optional_member("eventName", e.event_name)
      .optional_member("eventSource", e.event_source)
      .optional_member("recipientAccountId", e.account)
      .optional_member("awsRegion", e.region)
      .optional_member("actor", e.actor)
      .optional_member("origin", e.origin)
      .optional_member("chain", e.chain)
      .optional_member("sourceIPAddress", e.address)
      .optional_member("outcome", e.outcome)
      .optional_member("errorCode", e.error_code);
  if (!e.resources.empty()) json.member("resource", e.resources.front().id);
  json.key("source").begin_object().member("path", e.path);
  number(json, "index", e.index);
  json.end_object();
  if (!e.shown.empty()) {
    json.key("fields").begin_object();
    for (const auto& [field, value] : e.shown) json.member(field, value);
    json.end_object();
  }
  json.end_object();
}

void record(JsonText& json, std::string_view name, const engine::KeptRecord& record) {
  if (!record.text) return;
  json.key(name).begin_object();
  flag(json, "cut", record.text->cut);
  json.raw_member("record", record.text->json).end_object();
}

void annotations(JsonText& json, const Signal& signal) {
  const struct {
    std::string_view name;
    bool holds;
  } rows[] = {{"partial", signal.partial}, {"truncated", signal.cut},   {"evicted", signal.evicted},
              {"late", signal.late},       {"widened", signal.widened}, {"continues", !signal.continues.empty()}};
  json.key("annotations").begin_array();
  for (const auto& row : rows) {
    if (row.holds) json.string(row.name);
  }
  json.end_array();
}

void related(JsonText& json, const std::vector<Related>& all) {
  json.key("related").begin_array();
  for (const Related& other : all) {
    json.begin_object().member("id", other.id).member("title", other.title);
    json.member("level", engine::name_of(other.level)).end_object();
  }
  json.end_array();
}

}  // namespace

std::string signal_json(const Signal& signal, const Surroundings& surroundings) {
  JsonText json;
  json.begin_object();
  number(json, "schema_version", kSignalSchemaVersion);
  json.member("id", signal.id).member("summary", summary(signal, surroundings.accounts));
  rule(json, signal);
  json.member("state", !signal.closed ? "open" : signal.rule_removed ? "rule_removed" : "closed");
  flag(json, "dry_run", signal.rule().dry_run);
  group(json, signal);
  json.member("first", engine::format_time(signal.first)).member("last", engine::format_time(signal.last));
  number(json, "triggers", signal.triggers);
  if (signal.of_correlation) json.raw_member("peak", shortest(signal.peak));
  time(json, "arrived", signal.arrived);
  time(json, "detected", signal.detected);
  if (!signal.evidence.empty()) {
    actor(json, *signal.evidence.front());
    origin(json, *signal.evidence.front());
  }
  strings(json, "actors", signal.actors);
  accounts(json, signal, surroundings.accounts);
  strings(json, "regions", signal.regions);
  strings(json, "addresses", signal.addresses);
  strings(json, "agents", signal.agents);
  actions(json, signal);
  resources(json, signal.resources);
  json.key("fields").begin_object();
  for (const auto& [field, values] : signal.fields) strings(json, field, values);
  json.end_object();
  json.key("evidence").begin_array();
  for (const auto& e : signal.evidence) evidence(json, *e);
  json.end_array();
  record(json, "first_record", signal.first_record);
  if (signal.last_record.text != signal.first_record.text) record(json, "last_record", signal.last_record);
  annotations(json, signal);
  json.optional_member("continues", signal.continues);
  related(json, surroundings.related);
  json.optional_member("next", next_step(signal, surroundings.logs));
  return json.end_object().take();
}

}  // namespace tripline::alerts
