#include "tests/support/searches.h"

#include <utility>

#include "engine/matcher.h"
#include "tests/support/events.h"

namespace tripline::tests {

Given number(std::string_view text) {
  Given given(0);
  given.text = text;
  return given;
}

rules::FieldItem item(std::string_view key, std::vector<Given> values, int line) {
  rules::FieldItem made;
  made.at = {.path = "rule.yml", .line = line, .column = 5};
  made.is_list = values.size() != 1;
  std::string_view rest = key;
  for (bool first = true;; first = false) {
    const std::size_t bar = rest.find('|');
    if (first) {
      made.field = rest.substr(0, bar);
    } else {
      made.modifiers.emplace_back(rest.substr(0, bar));
    }
    if (bar == std::string_view::npos) break;
    rest.remove_prefix(bar + 1);
  }
  int column = 20;
  for (Given& value : values) {
    value.at = {.path = "rule.yml", .line = line, .column = column++};
    made.values.push_back(std::move(value));
  }
  return made;
}

rules::Search search(std::string_view name, std::vector<rules::FieldItem> items, int line) {
  return {.name = std::string(name), .any = {std::move(items)}, .at = {.path = "rule.yml", .line = line, .column = 3}};
}

rules::DetectionBody detection(std::vector<rules::Search> searches, std::vector<std::string> conditions) {
  rules::DetectionBody body;
  body.at = {.path = "rule.yml", .line = 1, .column = 1};
  body.searches = std::move(searches);
  for (std::string& text : conditions) {
    body.conditions.push_back({.text = std::move(text), .at = {.path = "rule.yml", .line = 9, .column = 16}});
  }
  return body;
}

Compiled::Compiled(const rules::DetectionBody& body, const rules::Lists& lists,
                   const std::map<std::string, std::string>& field_map)
    : expression(rules::lower(body, "A title", lists, field_map, rules, diagnostics)) {}

bool Compiled::matches(std::string_view json) const {
  OwnedEvent event(rules.fields, json);
  return engine::holds(expression.value(), rules, *event);
}

std::string Compiled::said() const {
  std::string text;
  for (const rules::Diagnostic& diagnostic : diagnostics.all()) {
    text += std::to_string(diagnostic.at.line) + ":" + std::to_string(diagnostic.at.column) + " " +
            std::string(diagnostic.code->code) + ": " + diagnostic.message;
    if (!diagnostic.hint.empty()) text += " [" + diagnostic.hint + "]";
    text += "\n";
  }
  return text;
}

Compiled compiled(std::string_view key, std::vector<Given> values, const rules::Lists& lists) {
  return Compiled(detection({search("selection", {item(key, std::move(values))})}, {"selection"}), lists);
}

}  // namespace tripline::tests
