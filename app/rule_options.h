#pragma once

#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/config/config.h"
#include "app/console.h"
#include "engine/result.h"
#include "rules/loader.h"

namespace tripline::app {

/// What commands that load rules let their users say about it.
struct RuleOptions {
  std::vector<std::string> paths;  // of -r; empty: the shipped pack
  std::string lists_dir;
  std::string log_source;
  std::vector<std::string> renames;  // FROM=TO
  std::string config;                // of a server, whose rules and overrides are meant
  bool include_deprecated = false;
  bool lint = false;  // not an option: `check` sets it

  /// --lists, --logsource, --map, --include-deprecated; `-r` too when `with_paths`.
  void declare(Arguments& arguments, bool with_paths);

  /// -c, instead of -r, --lists and --map.
  void declare_config(Arguments& arguments);

  /// kUsage: an option cannot be understood.
  engine::Result<rules::LoadOptions> load_options() const;

  /// kUsage: an option cannot be understood, or the configuration has a mistake. kIo: a path does not exist, or no
  /// shipped pack is found.
  engine::Result<rules::Loaded> load() const;

 private:
  engine::Result<rules::Loaded> load_configured() const;
};

/// How a server loads its rules: all but `today`.
rules::LoadOptions load_options_of(const Config::Rules& rules);

/// `product=windows,category=process_creation`. kUsage: it is not of that form.
engine::Result<engine::LogSource> parse_log_source(const std::string& text);

/// The folder of the pack that comes with the program: installed beside it, or in the source tree it was built in.
/// kIo: there is none.
engine::Result<std::string> shipped_rules();

}  // namespace tripline::app
