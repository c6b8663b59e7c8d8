#include "app/config/reader.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "app/arguments.h"
#include "app/config/value.h"
#include "rules/node_reader.h"
#include "rules/rule_files.h"
#include "rules/yaml.h"

namespace tripline::app {
namespace {

using rules::Position;
using rules::YamlNode;

/// A row's path as people read it: `listen.address`.
std::string said(std::string_view path) {
  std::string out(path);
  for (std::size_t at; (at = out.find("[]")) != std::string::npos;) out.erase(at, 2);
  return out;
}

std::string quoted(const ConfigKey& key) { return "`" + said(key.path) + "`"; }

bool is_path(ConfigType type) { return type == ConfigType::kPath || type == ConfigType::kPaths; }
bool is_list(ConfigType type) { return type == ConfigType::kTexts || type == ConfigType::kPaths; }

class TreeReader {
 public:
  TreeReader(const std::string& path, const Environment& environment, rules::Diagnostics& diagnostics)
      : path_(path), environment_(environment), reader_(path, diagnostics) {}

  /// `yaml`: null where the section is not given.
  ConfigNode read_section(const ConfigKey* key, std::string_view path, const YamlNode* yaml) {
    ConfigNode section{.key = key};
    if (yaml != nullptr && yaml->kind != YamlNode::Kind::kMap) {
      reader_.expect_map(*yaml, key == nullptr && path.empty() ? "the configuration" : said(path));
      yaml = nullptr;
    } else if (yaml != nullptr) {
      section.present = true;
      section.origin = {.given = true, .at = reader_.at(*yaml)};
    }
    const auto keys = keys_in(path);
    if (yaml != nullptr) refuse_unknown(*yaml, keys, path);
    for (const ConfigKey* row : keys) {
      const YamlNode* value = yaml == nullptr ? nullptr : yaml->find(row->name());
      if (value != nullptr && value->is_null()) value = nullptr;
      if (value == nullptr && yaml != nullptr && row->required) {
        reader_.report("missing-attribute", reader_.at(*yaml),
                       "`" + said(path) + "` has no `" + std::string(row->name()) + "`",
                       "it takes " + std::string(name_of(row->type)));
      }
      section.children.push_back(read_key(*row, value));
    }
    return section;
  }

 private:
  ConfigNode read_key(const ConfigKey& key, const YamlNode* value) {
    switch (key.type) {
      case ConfigType::kSection:
        return value == nullptr && key.optional ? absent(key) : read_section(&key, key.path, value);
      case ConfigType::kSections:
        return read_sections(key, value);
      default:
        return value == nullptr ? fallback(key) : read_values(key, *value);
    }
  }

  /// A section without a value in it.
  static ConfigNode absent(const ConfigKey& key) {
    ConfigNode section{.key = &key};
    for (const ConfigKey* row : keys_in(key.path)) section.children.push_back({.key = row});
    return section;
  }

  ConfigNode read_sections(const ConfigKey& key, const YamlNode* value) {
    ConfigNode list{.key = &key};
    if (value == nullptr) {
      if (!key.fallback.empty()) list.children.push_back(read_section(nullptr, key.path, nullptr));
      list.present = !list.children.empty();
      return list;
    }
    list.present = value->kind == YamlNode::Kind::kList;
    list.origin = {.given = true, .at = reader_.at(*value)};
    if (value->kind != YamlNode::Kind::kList) {
      reader_.report("wrong-type", reader_.at(*value), quoted(key) + " takes a list of maps",
                     "write `- ` before the first key of each");
    }
    for (const YamlNode& item : value->items) list.children.push_back(read_section(nullptr, key.path, &item));
    return list;
  }

  static ConfigNode fallback(const ConfigKey& key) {
    ConfigNode node{.key = &key};
    if (key.fallback.empty()) return node;
    if (!is_list(key.type)) {
      read_value(key, key.fallback, node);
    } else {
      for (const std::string& text : split_commas(key.fallback)) read_value(key, text, node);
    }
    return node;
  }

  ConfigNode read_values(const ConfigKey& key, const YamlNode& value) {
    ConfigNode node{.key = &key, .origin = {.given = true, .at = reader_.at(value)}};
    if (key.type == ConfigType::kTextMap) {
      read_pairs(value, node);
    } else if (is_list(key.type)) {
      node.present = true;
      for (const rules::Reference& item : reader_.texts(value, said(key.path))) take(key, item.name, item.at, node);
    } else if (const auto text = reader_.text(value, said(key.path))) {
      take(key, *text, reader_.at(value), node);
    }
    return node;
  }

  void read_pairs(const YamlNode& value, ConfigNode& node) {
    if (!reader_.expect_map(value, said(node.key->path))) return;
    node.present = true;
    for (const auto& entry : value.entries) {
      if (const auto text = reader_.text(entry.value, entry.key)) {
        auto whole = expand(*node.key, *text, reader_.at(entry.value), node);
        if (whole && node.key->secret) whole = secret(*node.key, *std::move(whole), reader_.at(entry.value), node);
        if (whole) node.pairs.emplace_back(entry.key, *std::move(whole));
      }
    }
  }

  /// One text of the file into the node, or a diagnostic.
  void take(const ConfigKey& key, const std::string& written, const Position& at, ConfigNode& node) {
    auto text = expand(key, written, at, node);
    if (text && key.secret) text = secret(key, *std::move(text), at, node);
    if (!text) return;
    if (is_path(key.type)) *text = resolved(*text);
    if (const auto fault = read_value(key, *text, node)) fail(key, written, at, fault.what, fault.hint);
  }

  void fail(const ConfigKey& key, const std::string& written, const Position& at, const std::string& what,
            const std::string& hint) {
    const std::string value = key.secret ? "" : ": " + written;
    reader_.report("config-value", at, "`" + said(key.path) + value + "` " + what, hint);
  }

  std::optional<std::string> expand(const ConfigKey& key, const std::string& written, const Position& at,
                                    ConfigNode& node) {
    Expanded expanded = expand_variables(written, environment_);
    for (const std::string& name : expanded.unset) {
      reader_.report("config-variable", at, quoted(key) + " names the variable " + name + ", which is not set",
                     "set it, or give a default: `${" + name + ":-...}`");
    }
    if (!expanded.fault.empty()) {
      reader_.report("config-variable", at, quoted(key) + " " + expanded.fault,
                     "write `${NAME}`, or `$${` for the signs themselves");
    }
    if (!expanded.unset.empty() || !expanded.fault.empty()) return std::nullopt;
    node.origin.variables.insert(node.origin.variables.end(), expanded.used.begin(), expanded.used.end());
    return std::move(expanded.text);
  }

  /// What the file of a `file:PATH` holds, without one line feed at its end; else the text itself.
  std::optional<std::string> secret(const ConfigKey& key, std::string text, const Position& at, ConfigNode& node) {
    constexpr std::string_view kFile = "file:";
    constexpr std::size_t kMost = 64 << 10;
    if (!text.starts_with(kFile)) return text;
    const std::string path = resolved(text.substr(kFile.size()));
    node.origin.file = path;
    auto read = rules::read_text(path, kMost);
    const auto refuse = [&](const std::string& why) {
      reader_.report("config-secret", at, quoted(key) + ": " + path + ": " + why);
      return std::nullopt;
    };
    if (!read) return refuse(read.error().message);
    if (read->size() > kMost) return refuse("the file is larger than 64 KiB, and so no secret");
    if (read->ends_with('\n')) read->pop_back();
    if (read->ends_with('\r')) read->pop_back();
    if (read->empty()) return refuse("the file is empty");
    if (read->find('\n') != std::string::npos) return refuse("the file has several lines");
    return *std::move(read);
  }

  std::string resolved(const std::string& path) const {
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    return folder.empty() || path.empty() ? path : (folder / path).lexically_normal().string();
  }

  void refuse_unknown(const YamlNode& map, const std::vector<const ConfigKey*>& keys, std::string_view path) {
    std::vector<std::string_view> names;
    for (const ConfigKey* key : keys) names.push_back(key->name());
    const std::string section = path.empty() ? "the configuration" : "`" + said(path) + "`";
    for (const auto& entry : map.entries) {
      if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
      const std::string what = section + " has no `" + entry.key + "`";
      if (const std::string_view slip = rules::slip_of(entry.key, names); !slip.empty()) {
        reader_.report("misspelt-attribute", reader_.at(entry), what, "did you mean `" + std::string(slip) + "`?");
      } else if (const ConfigKey* elsewhere = find_elsewhere(entry.key)) {
        reader_.report("misplaced-attribute", reader_.at(entry), what, "did you mean " + quoted(*elsewhere) + "?");
      } else {
        reader_.report("unknown-attribute", reader_.at(entry), what, "it takes " + rules::enumerate(names));
      }
    }
  }

  /// A key of that name in another section.
  static const ConfigKey* find_elsewhere(std::string_view name) {
    for (const ConfigKey& key : config_keys()) {
      if (key.name() == name) return &key;
    }
    return nullptr;
  }

  const std::string& path_;
  const Environment& environment_;
  rules::NodeReader reader_;
};

}  // namespace

ConfigNode read_config_tree(std::string_view text, const std::string& path, const Environment& environment,
                            rules::Diagnostics& diagnostics) {
  rules::YamlFile file = rules::read_yaml(text, path, {});
  diagnostics.append(std::move(file.diagnostics));
  const YamlNode* root = nullptr;
  if (!file.documents.empty()) {
    diagnostics.append(std::move(file.documents.front().problems));
    root = &file.documents.front().root;
    if (root->is_null()) root = nullptr;
  }
  if (file.documents.size() > 1) {
    const YamlNode& second = file.documents[1].root;
    diagnostics.add("wrong-type", {path, second.line, second.column}, "the configuration is one document, not several",
                    "remove the `---` between them");
  }
  return TreeReader(path, environment, diagnostics).read_section(nullptr, "", root);
}

}  // namespace tripline::app
