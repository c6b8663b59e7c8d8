#include "app/config/print.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/printable.h"
#include "engine/json_text.h"
#include "rules/yaml.h"

namespace tripline::app {
namespace {

constexpr std::string_view kSecret = "(secret)";

std::string place(const rules::Position& at) { return at.path + ":" + std::to_string(at.line); }

std::string origin_words(const ConfigOrigin& origin) {
  if (!origin.given) return "default";
  std::string words = place(origin.at);
  for (const std::string& name : origin.variables) words += ", ${" + name + "}";
  if (!origin.file.empty()) words += ", file:" + origin.file;
  return words;
}

/// As YAML reads it back as the same text.
std::string quoted(const std::string& text) {
  const bool plain = !text.empty() &&
                     text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./@+=,-") ==
                         std::string::npos &&
                     text.front() != '-' && text.front() != '@' && text.front() != ',' && text.front() != '=' &&
                     rules::plain_kind(text) == rules::Scalar::Kind::kString;
  if (plain) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return printable(out + "'");
}

std::string yaml_text(const ConfigNode& node, const std::string& text) {
  if (node.key->secret) return std::string(kSecret);
  const bool text_type = node.key->type == ConfigType::kText || node.key->type == ConfigType::kTexts ||
                         node.key->type == ConfigType::kTextMap || node.key->type == ConfigType::kPath ||
                         node.key->type == ConfigType::kPaths;
  return text_type ? quoted(text) : text;
}

std::string values_text(const ConfigNode& node) {
  const bool list = node.key->type == ConfigType::kTexts || node.key->type == ConfigType::kPaths;
  if (!list) return yaml_text(node, node.text());
  std::string text;
  for (const std::string& value : node.texts) text += (text.empty() ? "" : ", ") + yaml_text(node, value);
  return "[" + text + "]";
}

struct Line {
  std::string text;
  std::string comment;
};

class Printer {
 public:
  std::string print(const ConfigNode& tree) {
    section(tree, "", "");
    std::size_t width = 0;
    constexpr std::size_t kMostWidth = 60;
    for (const Line& line : lines_) width = std::max(width, std::min(line.text.size(), kMostWidth));
    std::string out;
    for (const Line& line : lines_) {
      out += line.text;
      if (!line.comment.empty()) {
        out.append(width - std::min(width, line.text.size()), ' ').append("  # ").append(printable(line.comment));
      }
      out += '\n';
    }
    return out;
  }

 private:
  /// `first` goes before its first line: `- ` of a list.
  void section(const ConfigNode& node, const std::string& indent, std::string first) {
    std::string lead = indent + first;
    const std::string rest = indent + std::string(first.size(), ' ');
    for (const ConfigNode& child : node.children) {
      const std::size_t before = lines_.size();
      const std::string head = lead + std::string(child.key->name()) + ":";
      switch (child.key->type) {
        case ConfigType::kSection:
          lines_.push_back({head, ""});
          section(child, rest + "  ", "");
          if (lines_.size() > before + 1) break;
          lines_.pop_back();  // nothing in it has a value
          if (child.present && child.key->optional) lines_.push_back({head + " {}", place(child.origin.at)});
          break;
        case ConfigType::kSections:
          if (child.children.empty()) break;
          lines_.push_back({head, ""});
          for (const ConfigNode& item : child.children) section(item, rest + "  ", "- ");
          break;
        case ConfigType::kTextMap:
          if (child.pairs.empty()) break;
          lines_.push_back({head, origin_words(child.origin)});
          for (const auto& [from, to] : child.pairs) {
            lines_.push_back({rest + "  " + quoted(from) + ": " + yaml_text(child, to), ""});
          }
          break;
        default:
          if (child.present) lines_.push_back({head + " " + values_text(child), origin_words(child.origin)});
      }
      if (lines_.size() > before) lead = rest;
    }
  }

  std::vector<Line> lines_;
};

class JsonPrinter {
 public:
  std::string print(const ConfigNode& tree) {
    json_.begin_array();
    section(tree, "");
    return json_.end_array().take();
  }

 private:
  void section(const ConfigNode& node, const std::string& path) {
    for (const ConfigNode& child : node.children) {
      const std::string key = path + (path.empty() ? "" : ".") + std::string(child.key->name());
      if (child.key->type == ConfigType::kSection) {
        section(child, key);
      } else if (child.key->type == ConfigType::kSections) {
        for (std::size_t i = 0; i < child.children.size(); ++i) {
          section(child.children[i], key + "[" + std::to_string(i) + "]");
        }
      } else if (child.present) {
        value(child, key);
      }
    }
  }

  void value(const ConfigNode& node, const std::string& key) {
    json_.begin_object().member("key", key).key("value");
    const auto text = [&](const std::string& value) { json_.string(node.key->secret ? kSecret : value); };
    switch (node.key->type) {
      case ConfigType::kTexts:
      case ConfigType::kPaths:
        json_.begin_array();
        for (const std::string& each : node.texts) text(each);
        json_.end_array();
        break;
      case ConfigType::kTextMap:
        json_.begin_object();
        for (const auto& [from, to] : node.pairs) json_.member(from, node.key->secret ? kSecret : std::string_view(to));
        json_.end_object();
        break;
      case ConfigType::kFlag:
        json_.raw(node.flag() ? "true" : "false");
        break;
      case ConfigType::kNumber:
        json_.raw(std::to_string(node.number));
        break;
      default:
        text(node.text());
    }
    json_.member("origin", node.origin.given ? "file" : "default");
    if (node.origin.given) {
      json_.member("path", node.origin.at.path).raw_member("line", std::to_string(node.origin.at.line));
      json_.raw_member("column", std::to_string(node.origin.at.column));
    }
    if (!node.origin.variables.empty()) {
      json_.key("variables").begin_array();
      for (const std::string& name : node.origin.variables) json_.string(name);
      json_.end_array();
    }
    json_.optional_member("secret_file", node.origin.file).end_object();
  }

  engine::JsonText json_;
};

}  // namespace

std::string config_text(const ConfigNode& tree) { return Printer().print(tree); }

std::string config_json(const ConfigNode& tree) { return JsonPrinter().print(tree); }

}  // namespace tripline::app
