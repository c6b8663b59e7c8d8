#include "app/config/files.h"

#include <filesystem>
#include <system_error>

namespace tripline::app {

void warn_of_missing_files(const ConfigNode& tree, rules::Diagnostics& diagnostics) {
  for (const ConfigNode& child : tree.children) {
    warn_of_missing_files(child, diagnostics);
    if (child.key == nullptr || !child.origin.given || child.key->path == "store.path") continue;
    if (child.key->type != ConfigType::kPath && child.key->type != ConfigType::kPaths) continue;
    for (const std::string& path : child.texts) {
      std::error_code error;
      if (std::filesystem::exists(path, error)) continue;
      diagnostics.add("config-missing-file", child.origin.at,
                      path + ": " + (error ? error.message() : std::string("No such file or directory")), "");
    }
  }
}

}  // namespace tripline::app
