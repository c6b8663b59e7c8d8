#include "app/rule_options.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <system_error>

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::fail;

struct Pair {
  std::string left;
  std::string right;
};

/// `left=right`, neither of them empty.
std::optional<Pair> split_equals(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) return std::nullopt;
  return Pair{text.substr(0, equals), text.substr(equals + 1)};
}

std::chrono::sys_days today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

}  // namespace

void RuleOptions::declare(Arguments& arguments, bool with_paths) {
  if (with_paths) {
    arguments.repeated("-r,--rules", "RULES", paths, "file or folder, repeatable (default: the shipped pack)");
  }
  arguments.text("--lists", "DIR", lists_dir, "files of `expand` values, one a line");
  arguments.text("--logsource", "SOURCE", log_source, "other JSON logs: product=P,category=C,service=S; or any");
  arguments.repeated("--map", "FROM=TO", renames, "rename a field of the rules, repeatable");
  arguments.flag("--include-deprecated", include_deprecated, "also rules of status deprecated or unsupported");
}

void RuleOptions::declare_config(Arguments& arguments) {
  arguments.text("-c,--config", "FILE", config, "of a server: its rules, lists, renames and overrides");
}

rules::LoadOptions load_options_of(const Config::Rules& rules) {
  rules::LoadOptions options;
  options.include_deprecated = rules.include_deprecated;
  options.lists_dir = rules.lists;
  options.fields = rules.fields;
  options.overrides = rules.overrides;
  return options;
}

engine::Result<rules::LoadOptions> RuleOptions::load_options() const {
  rules::LoadOptions options;
  options.include_deprecated = include_deprecated;
  options.lint = lint;
  options.lists_dir = lists_dir;
  options.today = today();
  if (log_source == "any") {
    options.any_log_source = true;
  } else if (!log_source.empty()) {
    const auto feed = parse_log_source(log_source);
    if (!feed) return feed.error();
    options.feed = *feed;
  }
  for (const auto& rename : renames) {
    const auto pair = split_equals(rename);
    if (!pair) return fail(ErrorCode::kUsage, "--map takes FROM=TO, not " + rename);
    options.fields[pair->left] = pair->right;
  }
  return options;
}

engine::Result<rules::Loaded> RuleOptions::load_configured() const {
  if (!paths.empty() || !lists_dir.empty() || !renames.empty()) {
    return fail(ErrorCode::kUsage, "--config has the rules, lists and renames: -r, --lists and --map go without it");
  }
  const auto loaded = load_config(config, environment_of_process());
  if (!loaded) return loaded.error();
  if (const std::size_t errors = loaded->diagnostics.errors(); errors > 0) {
    return fail(ErrorCode::kUsage,
                config + ": " + loaded->diagnostics.first_error() + "; `tripline config check` says all that is wrong");
  }
  rules::LoadOptions options = load_options_of(loaded->config.rules);
  options.include_deprecated = options.include_deprecated || include_deprecated;
  options.lint = lint;
  options.today = today();
  const auto shipped =
      loaded->config.rules.paths.empty() ? shipped_rules() : engine::Result<std::string>(std::string());
  if (!shipped) return shipped.error();
  return rules::load_rules(shipped->empty() ? loaded->config.rules.paths : std::vector<std::string>{*shipped}, options);
}

engine::Result<rules::Loaded> RuleOptions::load() const {
  if (!config.empty()) return load_configured();
  const auto options = load_options();
  if (!options) return options.error();
  if (!paths.empty()) return rules::load_rules(paths, *options);
  const auto shipped = shipped_rules();
  if (!shipped) return shipped.error();
  return rules::load_rules({*shipped}, *options);
}

engine::Result<engine::LogSource> parse_log_source(const std::string& text) {
  engine::LogSource source;
  for (const auto& part : split_commas(text)) {
    const auto pair = split_equals(part);
    std::string* attribute = !pair                      ? nullptr
                             : pair->left == "product"  ? &source.product
                             : pair->left == "service"  ? &source.service
                             : pair->left == "category" ? &source.category
                                                        : nullptr;
    if (!attribute) {
      return fail(ErrorCode::kUsage,
                  "--logsource takes any, or product=, service= and category= joined by commas, not " + part);
    }
    if (!attribute->empty()) return fail(ErrorCode::kUsage, "--logsource names " + pair->left + " twice");
    *attribute = pair->right;
  }
  if (source == engine::LogSource{}) return fail(ErrorCode::kUsage, "--logsource is empty");
  return source;
}

engine::Result<std::string> shipped_rules() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const std::array<fs::path, 2> places = {
      program.parent_path() / "share" / "tripline" / "rules",     // bin/tripline
      program.parent_path().parent_path() / "rules" / "library",  // build/PRESET/tripline
  };
  for (const auto& place : places) {
    if (fs::is_directory(place, error)) return place.string();
  }
  return fail(ErrorCode::kIo, "the shipped rules are not at " + places[0].string() + "; name some with -r");
}

}  // namespace tripline::app
