#include "app/config/config.h"

#include <algorithm>
#include <utility>

#include "app/config/reader.h"
#include "app/config/value.h"
#include "rules/rule_files.h"
#include "rules/yaml.h"

namespace tripline::app {

bool Config::loopback_only() const {
  return std::all_of(listen.begin(), listen.end(), [](const Listen& l) { return is_loopback(l.host); });
}

LoadedConfig read_config(std::string_view text, const std::string& path, const Environment& environment) {
  LoadedConfig loaded;
  loaded.tree = read_config_tree(text, path, environment, loaded.diagnostics);
  check_config(loaded.tree, loaded.diagnostics);
  loaded.diagnostics.sort();
  if (loaded.diagnostics.errors() == 0) loaded.config = build_config(loaded.tree);
  loaded.config.path = path;
  return loaded;
}

engine::Result<LoadedConfig> load_config(const std::string& path, const Environment& environment) {
  if (path.empty()) return read_config("", path, environment);
  const auto text = rules::read_text(path, rules::YamlLimits{}.max_bytes);
  if (!text) return engine::fail(text.error().code, path + ": " + text.error().message);
  return read_config(*text, path, environment);
}

}  // namespace tripline::app
