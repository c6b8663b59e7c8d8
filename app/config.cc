#include "app/config/config.h"

#include <string>
#include <utility>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/config/files.h"
#include "app/config/print.h"
#include "app/config/problems.h"
#include "app/diagnostic_text.h"
#include "app/json_line.h"
#include "app/quantity.h"

namespace tripline::app {
namespace {

struct ConfigWords {
  std::string action;
  std::string path;
  std::string format = "text";
};

std::string name_of(const ConfigWords& words) { return words.path.empty() ? "the defaults" : words.path; }

engine::Result<int> check(const ConfigWords& words, Console& console) {
  auto loaded = load_config(words.path, environment_of_process());
  if (!loaded) return loaded.error();
  warn_of_missing_files(loaded->tree, loaded->diagnostics);
  loaded->diagnostics.sort();
  print_config_problems(*loaded, console);
  const SeverityCounts counts = count_severities(loaded->diagnostics.all());
  console.note(name_of(words) + ": " + counted(counts.errors, "error") + ", " + counted(counts.warnings, "warning"));
  return counts.errors > 0 ? kCannotRun : kRan;
}

engine::Result<int> print(const ConfigWords& words, Console& console) {
  const auto loaded = load_config(words.path, environment_of_process());
  if (!loaded) return loaded.error();
  if (print_config_problems(*loaded, console)) return kCannotRun;
  console.out(words.format == "json" ? json_line(config_json(loaded->tree)) + "\n" : config_text(loaded->tree));
  return kRan;
}

struct ActionRow {
  std::string_view name;
  engine::Result<int> (*run)(const ConfigWords& words, Console& console);
};
constexpr ActionRow kActions[] = {{"check", &check}, {"print", &print}};

}  // namespace

int run_config(std::vector<std::string> words, Console& console) {
  ConfigWords options;
  Arguments arguments("config check|print [OPTION]... [FILE]",
                      "Reads a configuration of `tripline serve`; docs/configuration.md has every key.\n"
                      "Without FILE all is as by default. Exits with 3 when something is wrong.");
  arguments.action(action_names(kActions), options.action, "check: what is wrong, where, and what to write instead;");
  arguments.optional_positional("FILE", options.path, "print: what holds, and where each value came from");
  arguments.choice("--format", "FORMAT", {"text", "json"}, options.format, "of print: text, json (default text)");
  arguments.example("config check tripline.yml", "");
  arguments.example("config print tripline.yml", "secrets are not shown");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = action_row(kActions, options.action).run(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
