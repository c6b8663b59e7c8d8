#include "tests/support/sink_views.h"

#include <utility>

namespace tripline::tests {
namespace {

constexpr std::size_t kColumns = 110;
constexpr std::size_t kMostText = 300;

/// Whole characters of UTF-8.
std::string shortened(const std::string& text) {
  if (text.size() <= kMostText) return text;
  std::size_t end = kMostText;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

Json shortened(Json json) {
  json.text = shortened(json.text);
  for (auto& item : json.items) item = shortened(std::move(item));
  for (auto& [key, value] : json.members) value = shortened(std::move(value));
  return json;
}

void indent(const Json& json, std::size_t depth, std::string& out) {
  const std::string line = compact(json);
  const bool container = json.type == Json::Type::kObject || json.type == Json::Type::kArray;
  if (!container || line.size() + 2 * depth <= kColumns) {
    out += line;
    return;
  }
  const bool object = json.type == Json::Type::kObject;
  const std::string margin(2 * depth + 2, ' ');
  out += object ? "{" : "[";
  const char* between = "\n";
  for (const auto& [key, value] : json.members) {
    Json name;
    name.type = Json::Type::kString;
    name.text = key;
    out += std::string(between) + margin + compact(name) + ": ";
    indent(value, depth + 1, out);
    between = ",\n";
  }
  for (const auto& item : json.items) {
    out += std::string(between) + margin;
    indent(item, depth + 1, out);
    between = ",\n";
  }
  out += "\n" + std::string(2 * depth, ' ') + (object ? "}" : "]");
}

std::string text_at(const Json& object, std::string_view name) {
  const Json* member = find_member(object, name);
  return member == nullptr ? "" : member->text;
}

/// What Slack makes of mrkdwn's three escapes.
std::string unescaped(std::string text) {
  for (const auto& [from, to] :
       {std::pair<std::string_view, std::string_view>{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

/// What Markdown makes of backslashes.
std::string without_backslashes(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i] == '\r' ? '\n' : text[i];
  }
  return out;
}

}  // namespace

const Json* find_member(const Json& object, std::string_view name) {
  for (const auto& [key, value] : object.members) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string indented(const Json& json) {
  std::string out;
  indent(shortened(json), 0, out);
  return out;
}

std::string slack_view(std::string_view body) {
  const Json json = parse_json(body);
  std::string view;
  for (const Json& block : find_member(json, "blocks")->items) {
    const std::string type = text_at(block, "type");
    if (const Json* text = find_member(block, "text")) {
      view += (type == "header" ? "## " : "") + unescaped(text_at(*text, "text")) + "\n";
    }
    for (const auto* list : {"fields", "elements"}) {
      const Json* items = find_member(block, list);
      if (items == nullptr) continue;
      for (const Json& item : items->items) {
        std::string text = unescaped(text_at(item, "text"));
        if (const auto feed = text.find("*\n"); feed != std::string::npos) text.replace(feed, 2, "*  ");
        view += text + "\n";
      }
    }
    view += "\n";
  }
  return view.substr(0, view.size() - 2);
}

std::string teams_view(std::string_view body) {
  const Json json = parse_json(body);
  const Json& content = *find_member(find_member(json, "attachments")->items.front(), "content");
  std::string view;
  for (const Json& block : find_member(content, "body")->items) {
    const bool title = text_at(block, "weight") == "Bolder";
    if (const Json* text = find_member(block, "text")) {
      view += (title ? "## " : "") + without_backslashes(text->text) + "\n";
    }
    if (const Json* facts = find_member(block, "facts")) {
      for (const Json& fact : facts->items) {
        view += text_at(fact, "title") + ":  " + without_backslashes(text_at(fact, "value")) + "\n";
      }
    }
    view += "\n";
  }
  return view.substr(0, view.size() - 2);
}

}  // namespace tripline::tests
