#include "app/config/files.h"

#include <filesystem>
#include <string_view>
#include <system_error>

namespace tripline::app {
namespace {

/// Files and folders that the server makes where they are not there.
bool is_made(std::string_view key) { return key == "store.path" || key == "sinks[].file.path"; }

}  // namespace

void warn_of_missing_files(const ConfigNode& tree, rules::Diagnostics& diagnostics) {
  for (const ConfigNode& child : tree.children) {
    warn_of_missing_files(child, diagnostics);
    if (child.key == nullptr || !child.origin.given || is_made(child.key->path)) continue;
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
