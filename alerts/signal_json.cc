#include "alerts/signal_json.h"

#include "engine/json_text.h"

namespace tripline::alerts {

using engine::JsonText;

namespace {

void strings(JsonText& json, std::string_view name, const std::vector<std::string>& values) {
  json.key(name).begin_array();
  for (const std::string& value : values) json.string(value);
  json.end_array();
}

void evidence(JsonText& json, const engine::Evidence& e) {
  json.begin_object()
      .optional_member("eventID", e.event_id)
      .optional_member("eventName", e.event_name)
      .optional_member("eventSource", e.event_source)
      .optional_member("recipientAccountId", e.account)
      .optional_member("awsRegion", e.region)
      .optional_member("actor", e.actor)
      .optional_member("origin", e.origin)
      .optional_member("chain", e.chain)
      .optional_member("sourceIPAddress", e.address)
      .optional_member("outcome", e.outcome);
  json.key("source").begin_object().member("path", e.path).raw_member("index", std::to_string(e.index)).end_object();
  if (!e.shown.empty()) {
    json.key("fields").begin_object();
    for (const auto& [field, value] : e.shown) json.member(field, value);
    json.end_object();
  }
  json.end_object();
}

}  // namespace

std::string signal_json(const engine::Signal& signal) {
  const engine::Rule& rule = signal.rule();
  JsonText json;
  json.begin_object().member("id", signal.id);
  json.key("rule").begin_object().member("id", rule.id).member("title", rule.title);
  json.member("level", engine::name_of(rule.level)).optional_member("author", rule.author);
  strings(json, "tags", rule.tags);
  json.end_object();
  strings(json, "group", signal.group);
  json.member("first", engine::format_time(signal.first)).member("last", engine::format_time(signal.last));
  json.raw_member("triggers", std::to_string(signal.triggers));
  json.key("evidence").begin_array();
  for (const auto& e : signal.evidence) evidence(json, *e);
  return json.end_array().end_object().take();
}

}  // namespace tripline::alerts
