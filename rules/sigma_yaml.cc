#include "rules/sigma_yaml.h"

#include <algorithm>
#include <iterator>

#include "engine/text.h"

namespace tripline::rules {
namespace {

/// Whether every reader of YAML 1.1 and 1.2 takes the text, unquoted, for the same string.
bool is_plain(std::string_view text) {
  constexpr std::string_view kWords[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_safe = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || std::string_view(".|-()/ ").find(c) != std::string_view::npos;
  };
  return !text.empty() && is_letter(text.front()) && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), is_safe) &&
         std::find(std::begin(kWords), std::end(kWords), engine::fold(text)) == std::end(kWords);
}

std::string pad(int indent) { return std::string(static_cast<std::size_t>(indent), ' '); }

std::string to_yaml(const Scalar& value) {
  return value.kind == Scalar::Kind::kString ? yaml_scalar(value.text)
         : value.kind == Scalar::Kind::kNull ? "null"
                                             : value.text;
}

/// The values of one item: on the key's line, or as a list below it.
std::string values_of(const FieldItem& item, int indent) {
  if (!item.is_list) return item.values.empty() ? " null\n" : " " + to_yaml(item.values[0]) + "\n";
  if (item.values.empty()) return " []\n";
  std::string out = "\n";
  for (const auto& value : item.values) out += pad(indent) + "- " + to_yaml(value) + "\n";
  return out;
}

std::string key_of(const FieldItem& item) {
  std::string key = item.field;
  for (const auto& modifier : item.modifiers) key += "|" + modifier;
  return yaml_scalar(key);
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  const bool control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  std::string out;
  if (!control) {
    for (char c : text) out += c == '\'' ? "''" : std::string(1, c);
    return "'" + out + "'";
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return '"' + out + '"';
}

std::string yaml_list(const std::vector<std::string>& items, int indent) {
  std::string out;
  for (const auto& item : items) out += pad(indent) + "- " + yaml_scalar(item) + "\n";
  return out;
}

std::string to_yaml(const Search& search, int indent) {
  std::string out = pad(indent) + yaml_scalar(search.name) + ":";
  const bool list = search.any.size() > 1;
  if (!list && search.any.size() == 1) {
    const auto& items = search.any[0];
    if (items.size() == 1 && items[0].field.empty() && items[0].modifiers.empty()) {
      return out + values_of(items[0], indent + 2);
    }
  }
  out += "\n";
  for (const auto& items : search.any) {
    bool first = true;
    if (list && items.size() == 1 && items[0].field.empty() && items[0].modifiers.empty()) {
      for (const auto& value : items[0].values) out += pad(indent + 2) + "- " + to_yaml(value) + "\n";
      continue;
    }
    for (const auto& item : items) {
      out += pad(indent + 2) + (!list ? "" : first ? "- " : "  ") + key_of(item) + ":";
      out += values_of(item, indent + (list ? 6 : 4));
      first = false;
    }
  }
  return out;
}

}  // namespace tripline::rules
