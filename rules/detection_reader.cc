#include "rules/detection_reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tripline::rules {
namespace {

constexpr std::string_view kCondition = "condition";
constexpr std::string_view kTimeframe = "timeframe";

/// `field|modifier|modifier` without its values.
FieldItem split_key(const YamlNode::Entry& entry, const NodeReader& reader) {
  FieldItem item;
  item.at = reader.at(entry);
  std::string_view rest = entry.key;
  const auto next = [&rest] {
    const std::size_t bar = rest.find('|');
    const std::string_view part = rest.substr(0, bar);
    rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    return std::string(part);
  };
  const auto modifiers = std::count(rest.begin(), rest.end(), '|');
  item.field = next();
  for (std::ptrdiff_t i = 0; i < modifiers; ++i) item.modifiers.push_back(next());
  return item;
}

FieldItem read_item(const YamlNode::Entry& entry, NodeReader& reader) {
  FieldItem item = split_key(entry, reader);
  const YamlNode& value = entry.value;
  if (value.kind == YamlNode::Kind::kMap) {
    const std::string below = value.entries.empty() ? "name" : value.entries.front().key;
    reader.report("wrong-type", reader.at(entry), "`" + item.field + "` takes a value or a list of values, not a map",
                  "write the path with dots: `" + item.field + "." + below + ": ...`");
    return item;
  }
  if (value.kind == YamlNode::Kind::kScalar) {
    item.values.push_back(reader.scalar(value));
    if (value.is_null()) item.values.back().at = item.at;  // YAML places a value that is not there on a later line
    return item;
  }
  item.is_list = true;
  if (value.items.empty()) {
    reader.report("empty-list", reader.at(entry), "`" + entry.key + "` has a list without values",
                  "add values, or remove the line");
  }
  for (const YamlNode& element : value.items) {
    if (element.kind == YamlNode::Kind::kScalar) {
      item.values.push_back(reader.scalar(element));
    } else {
      reader.report("wrong-type", reader.at(element), "a value in the list of `" + entry.key + "` is no plain value",
                    "quote the value when a `:`, `{` or `[` is part of its text");
    }
  }
  return item;
}

std::vector<FieldItem> read_map(const YamlNode& map, const std::string& search, NodeReader& reader) {
  std::vector<FieldItem> items;
  if (map.entries.empty()) {
    reader.report("empty-search", reader.at(map), "the search `" + search + "` has an empty map",
                  "an empty map would hold on every event: remove it");
  }
  for (const auto& entry : map.entries) items.push_back(read_item(entry, reader));
  return items;
}

Search read_search(const YamlNode::Entry& entry, NodeReader& reader) {
  Search search;
  search.name = entry.key;
  search.at = reader.at(entry);
  const YamlNode& value = entry.value;
  if (value.is_null() || (value.kind == YamlNode::Kind::kList && value.items.empty())) {
    reader.report("empty-search", search.at, "the search `" + search.name + "` is empty",
                  "write `field: value` lines below it, indented, or remove it");
    return search;
  }
  if (value.kind == YamlNode::Kind::kMap) {
    search.any.push_back(read_map(value, search.name, reader));
    return search;
  }
  FieldItem keywords;
  keywords.at = search.at;
  keywords.is_list = value.kind == YamlNode::Kind::kList;
  if (value.kind == YamlNode::Kind::kScalar) keywords.values.push_back(reader.scalar(value));
  for (const YamlNode& element : value.items) {
    switch (element.kind) {
      case YamlNode::Kind::kScalar:
        keywords.values.push_back(reader.scalar(element));
        break;
      case YamlNode::Kind::kMap:
        search.any.push_back(read_map(element, search.name, reader));
        break;
      case YamlNode::Kind::kList:
        reader.report("wrong-type", reader.at(element), "the search `" + search.name + "` has a list inside its list",
                      "list maps or keywords, one `- ` each");
        break;
    }
  }
  if (!keywords.values.empty()) search.any.push_back({std::move(keywords)});
  return search;
}

void read_conditions(const YamlNode& body, std::string_view name, NodeReader& reader,
                     std::vector<ConditionText>& conditions) {
  const YamlNode* node = body.find(kCondition);
  if (!node || node->is_null()) {
    for (const auto& entry : body.entries) {
      if (entry.key == kCondition || slip_of(entry.key, {&kCondition, 1}).empty()) continue;
      reader.report("misspelt-attribute", reader.at(entry),
                    "`" + std::string(name) + "` has `" + entry.key + "` but no `condition`",
                    "did you mean `condition`?");
      return;
    }
    reader.report("missing-attribute", reader.at(body), "`" + std::string(name) + "` has no `condition`",
                  "add a line such as `condition: selection`");
    return;
  }
  for (Reference& text : reader.texts(*node, kCondition)) {
    conditions.push_back({std::move(text.name), std::move(text.at), std::move(text.lines)});
  }
  if (node->kind == YamlNode::Kind::kList && node->items.empty()) {
    reader.report("missing-attribute", reader.at(*node), "the list of conditions is empty",
                  "write a condition such as `selection`");
  }
}

/// Whether an entry is no search but `rule:` where `rules:` was meant, which would leave a filter without its rules: it
/// has the values of one of `others`, which is not there, and no condition names it.
bool is_slip(const YamlNode::Entry& entry, const YamlNode& body, std::span<const std::string_view> others,
             const std::vector<ConditionText>& conditions, std::string_view name, NodeReader& reader) {
  const std::string_view meant = slip_of(entry.key, others);
  if (meant.empty() || body.find(meant) || entry.value.kind == YamlNode::Kind::kMap) return false;
  const bool is_named = std::any_of(conditions.begin(), conditions.end(), [&](const ConditionText& condition) {
    return condition.text.find(entry.key) != std::string::npos;
  });
  if (is_named) return false;
  reader.report("misspelt-attribute", reader.at(entry),
                "`" + std::string(name) + "` has `" + entry.key + "` but no `" + std::string(meant) + "`",
                "did you mean `" + std::string(meant) + "`?");
  return true;
}

}  // namespace

DetectionBody read_body(const YamlNode& node, std::string_view name, std::span<const std::string_view> others,
                        NodeReader& reader) {
  DetectionBody body;
  body.at = reader.at(node);
  if (!reader.expect_map(node, name)) return body;
  read_conditions(node, name, reader, body.conditions);
  if (const YamlNode* timeframe = node.find(kTimeframe)) {
    body.timeframe = reader.text(*timeframe, kTimeframe).value_or("");
    const bool aggregates = std::any_of(body.conditions.begin(), body.conditions.end(),
                                        [](const auto& c) { return c.text.find('|') != std::string::npos; });
    if (!aggregates) {
      reader.report("timeframe-ignored", reader.at(*timeframe), "`timeframe` has no effect: each event is judged alone",
                    "to ask for several events within a time, write a correlation with a `timespan`");
    }
  }
  for (const auto& entry : node.entries) {
    const bool is_search = entry.key != kCondition && entry.key != kTimeframe &&
                           std::find(others.begin(), others.end(), entry.key) == others.end();
    if (!is_search || is_slip(entry, node, others, body.conditions, name, reader)) continue;
    body.searches.push_back(read_search(entry, reader));
  }
  if (body.searches.empty()) {
    reader.report("empty-search", body.at, "`" + std::string(name) + "` has no search",
                  "add one, such as `selection:` with `field: value` lines below it");
  }
  return body;
}

}  // namespace tripline::rules
