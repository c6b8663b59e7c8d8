#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/console.h"
#include "engine/result.h"

namespace tripline::app {

/// What a process says with its exit code. docs/commands.md, "Exit codes".
enum ExitCode : int {
  kRan = 0,
  kFoundTrouble = 1,  // a failed test, or `--fail-on` met
  kBadRules = 2,      // some rule did not compile
  kCannotRun = 3,     // usage, configuration, input or output; with --strict: something was set aside
};

struct NumberRange {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// The options and arguments of one command: declared once, for parsing, for `--help` and for did-you-mean.
/// `--help` and `--color` are everyone's. Borrows the variables it fills, which outlive parse().
class Arguments {
 public:
  /// `usage` follows `tripline `: `scan [-r RULES] PATH...`. `what`: one or two sentences.
  Arguments(std::string usage, std::string what);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  /// `names`: `-r,--rules`. `value`: what help calls the value. `help`: a few words, so that a line stays within 80
  /// columns; none: the option is like the one declared before it and shares its line.
  void flag(const std::string& names, bool& into, const std::string& help);
  void text(const std::string& names, const std::string& value, std::string& into, const std::string& help);
  /// A whole number within `range`.
  void number(const std::string& names, const std::string& value, std::uint64_t& into, const std::string& help,
              NumberRange range = {});
  /// A whole number from 1, with an optional suffix k, M or G (powers of 1024).
  void bytes(const std::string& names, const std::string& value, std::uint64_t& into, const std::string& help);
  /// May be given several times.
  void repeated(const std::string& names, const std::string& value, std::vector<std::string>& into,
                const std::string& help);
  /// One of `choices`.
  void choice(const std::string& names, const std::string& value, const std::vector<std::string>& choices,
              std::string& into, const std::string& help);
  void positional(const std::string& name, std::string& into, const std::string& help);
  /// The first word, one of `actions`; parse() refuses others.
  void action(const std::vector<std::string>& actions, std::string& into, const std::string& help);
  /// One that may be missing.
  void optional_positional(const std::string& name, std::string& into, const std::string& help);
  void positionals(const std::string& name, std::vector<std::string>& into, const std::string& help);
  /// Any number, none included.
  void optional_positionals(const std::string& name, std::vector<std::string>& into, const std::string& help);
  /// A command line without the leading `tripline `.
  void example(std::string command, std::string what);

  /// Fills the variables. An exit code: the command is over (help was asked for, or the line is wrong, which was said).
  std::optional<int> parse(std::vector<std::string> words, Console& console);

  /// Says a mistake in the use of this command; its exit code.
  int refuse(const std::string& message, Console& console) const;
  /// Says why the command ends; its exit code.
  int fail(const engine::Error& error, Console& console) const;

  std::string help() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The names of a table's rows, for Arguments::action().
template <class Rows>
std::vector<std::string> action_names(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}
/// The row of a name that Arguments::parse() has seen to.
template <class Rows>
const auto& action_row(const Rows& rows, std::string_view name) {
  return *std::find_if(std::begin(rows), std::end(rows), [&](const auto& row) { return row.name == name; });
}

/// Splits `a,b , c` into its parts, without blanks and empty ones.
std::vector<std::string> split_commas(std::string_view text);

}  // namespace tripline::app
