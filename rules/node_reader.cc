#include "rules/node_reader.h"

#include "engine/text.h"

namespace tripline::rules {
namespace {

std::string_view kind_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kScalar:
      break;
  }
  return node.is_null() ? "nothing" : "a single value";
}

/// Without what people write in different ways: letter case, `-`, `_`, plural.
std::string normal_form(std::string_view key) {
  std::string form;
  for (const char c : key) {
    if (c != '-' && c != '_' && c != ' ') form += engine::fold(c);
  }
  if (form.size() > 1 && form.ends_with('s')) form.pop_back();
  return form;
}

}  // namespace

void NodeReader::report(std::string_view code, Position where, std::string message, std::string hint) {
  diagnostics_.add(code, std::move(where), std::move(message), std::move(hint), title_);
}

std::optional<std::string> NodeReader::text(const YamlNode& node, std::string_view name) {
  if (node.is_null()) return std::nullopt;
  if (node.kind == YamlNode::Kind::kScalar) return node.text;
  report("wrong-type", at(node), "`" + std::string(name) + "` takes text, not " + std::string(kind_of(node)));
  return std::nullopt;
}

std::vector<Reference> NodeReader::texts(const YamlNode& node, std::string_view name) {
  std::vector<Reference> found;
  if (node.kind == YamlNode::Kind::kMap) {
    report("wrong-type", at(node), "`" + std::string(name) + "` takes a text or a list of texts, not a map",
           "write it behind the colon, or one a line behind `- `");
  } else if (node.kind == YamlNode::Kind::kScalar) {
    if (!node.is_null()) found.push_back({node.text, at(node), node.lines});
  }
  for (const YamlNode& item : node.items) {
    if (item.kind == YamlNode::Kind::kScalar && !item.is_null()) {
      found.push_back({item.text, at(item), item.lines});
    } else {
      report("wrong-type", at(item),
             "`" + std::string(name) + "` takes a list of texts; this item is " + std::string(kind_of(item)),
             item.is_null() ? "" : "quote the item when a `:`, `{` or `[` is part of its text");
    }
  }
  return found;
}

std::vector<std::string> NodeReader::strings(const YamlNode& node, std::string_view name) {
  std::vector<std::string> found;
  for (Reference& text : texts(node, name)) found.push_back(std::move(text.name));
  return found;
}

bool NodeReader::flag(const YamlNode& node, std::string_view name) {
  if (node.is_null()) return false;
  const bool scalar = node.kind == YamlNode::Kind::kScalar;
  if (scalar && engine::equals_folded(node.text, "true")) return true;
  if (scalar && engine::equals_folded(node.text, "false")) return false;
  report("wrong-type", at(node), "`" + std::string(name) + "` is true or false",
         "write `true` or `false`, without quotes");
  return false;
}

bool NodeReader::expect_map(const YamlNode& node, std::string_view name) {
  if (node.kind == YamlNode::Kind::kMap) return true;
  report("wrong-type", at(node), "`" + std::string(name) + "` takes a map, not " + std::string(kind_of(node)));
  return false;
}

void NodeReader::refuse_unknown_keys(const YamlNode& map, std::span<const std::string_view> known,
                                     std::string_view name) {
  for (const auto& entry : map.entries) {
    bool is_known = false;
    for (const std::string_view key : known) is_known = is_known || key == entry.key;
    if (is_known) continue;
    const std::string_view slip = slip_of(entry.key, known);
    report(slip.empty() ? "unknown-attribute" : "misspelt-attribute", at(entry),
           "`" + std::string(name) + "` has no `" + entry.key + "`",
           slip.empty() ? "it takes " + enumerate(known) : "did you mean `" + std::string(slip) + "`?");
  }
}

std::string_view slip_of(std::string_view key, std::span<const std::string_view> known) {
  std::string form = normal_form(key);
  if (form == "timeframe") form = "timespan";  // its old name, too far away for edits
  for (const std::string_view candidate : known) {
    if (form == normal_form(candidate)) return candidate;
  }
  return did_you_mean(key, known);
}

std::string enumerate(std::span<const std::string_view> words, std::string_view last_word) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + std::string(last_word) + " " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace tripline::rules
