#include "app/record_json.h"

#include <algorithm>

#include "app/json_line.h"
#include "engine/derived.h"
#include "engine/envelope.h"
#include "engine/json_text.h"
#include "engine/shown_text.h"

namespace tripline::app {

namespace {

/// Our derived fields, those with a common first step in one object; they stand side by side in their table.
void write_derived(engine::JsonText& json, engine::Event& event) {
  std::string_view open;  // the first step whose object is open
  for (const auto& derived : engine::derived_fields()) {
    if (derived.needs_lineage && !event.has_lineage()) continue;
    const std::string_view text = derived.text(event);
    if (text.empty()) continue;
    const std::size_t dot = derived.name.find('.');
    const std::string_view step = dot == std::string_view::npos ? std::string_view{} : derived.name.substr(0, dot);
    if (step != open) {
      if (!open.empty()) json.end_object();
      if (!step.empty()) json.key(step).begin_object();
      open = step;
    }
    json.member(step.empty() ? derived.name : derived.name.substr(dot + 1), text);
  }
  if (!open.empty()) json.end_object();
}

}  // namespace

std::string record_with_ours(engine::Event& event, bool cloudtrail) {
  engine::JsonText ours;
  ours.begin_object();
  if (cloudtrail) write_derived(ours, event);
  const engine::Record& record = event.record();
  ours.key("source").begin_object().member("path", record.envelope->path);
  ours.raw_member("offset", std::to_string(record.offset)).raw_member("index", std::to_string(record.index));
  ours.end_object().end_object();
  std::string line = json_line(record.json);
  line.pop_back();  // the closing brace
  if (line.back() != '{') line += ',';
  return line + "\"tripline\":" + json_line(ours.text()) + "}";
}

std::string chosen_fields(engine::Event& event, const std::vector<engine::FieldId>& fields) {
  engine::JsonText json;
  json.begin_object();
  for (const auto field : fields) {
    const auto values = event.values(field);
    const bool is_null = std::all_of(values.begin(), values.end(),
                                     [](const auto& value) { return value.type == engine::ValueType::kNull; });
    json.key(event.fields()[field].path);
    is_null ? json.raw("null") : json.string(engine::shown_text(event, field));
  }
  return json_line(json.end_object().text());
}

}  // namespace tripline::app
