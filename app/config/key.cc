#include "app/config/key.h"

#include <initializer_list>

namespace tripline::app {
namespace {

struct TypeRow {
  ConfigType type;
  std::string_view name;
};
constexpr TypeRow kTypes[] = {
    {ConfigType::kSection, "a map"},
    {ConfigType::kSections, "a list of maps"},
    {ConfigType::kText, "a text"},
    {ConfigType::kTexts, "a text or a list of texts"},
    {ConfigType::kPath, "a path"},
    {ConfigType::kPaths, "a path or a list of paths"},
    {ConfigType::kTextMap, "a map of texts"},
    {ConfigType::kFlag, "true or false"},
    {ConfigType::kNumber, "a whole number"},
    {ConfigType::kDuration, "a duration"},
    {ConfigType::kBytes, "a size"},
    {ConfigType::kAddress, "an address"},
    {ConfigType::kWord, "a word"},
};

}  // namespace

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> kAll = [] {
    std::vector<ConfigKey> all;
    for (const auto part : {server_keys(), source_keys(), rule_keys(), alert_keys()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return kAll;
}

std::vector<const ConfigKey*> keys_in(std::string_view section) {
  std::vector<const ConfigKey*> keys;
  for (const ConfigKey& key : config_keys()) {
    std::string_view path = key.path;
    if (!section.empty()) {
      if (!path.starts_with(section)) continue;
      path.remove_prefix(section.size());
      if (path.starts_with("[]")) path.remove_prefix(2);
      if (!path.starts_with('.')) continue;
      path.remove_prefix(1);
    }
    if (path.find('.') == std::string_view::npos) keys.push_back(&key);
  }
  return keys;
}

std::string_view name_of(ConfigType type) {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return row.name;
  }
  return "";
}

}  // namespace tripline::app
