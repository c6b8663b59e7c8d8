#include "app/arguments.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <CLI/CLI.hpp>

#include "engine/text.h"
#include "rules/diagnostic.h"

namespace tripline::app {
namespace {

constexpr std::size_t kHelpColumns = 80;

struct Entry {
  std::string left;   // `-r, --rules`
  std::string value;  // `RULES`
  std::string help;

  std::string both() const { return value.empty() ? left : left + " " + value; }
};
struct Example {
  std::string command;
  std::string what;
};

std::string spaced(const std::string& names) {
  std::string out;
  for (char c : names) (out += c) += c == ',' ? " " : "";
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

/// Two columns, the right one wrapped.
void append_entries(std::string& out, const std::vector<Entry>& entries) {
  std::size_t left = 0;
  for (const auto& entry : entries) left = std::max(left, entry.both().size());
  for (const auto& entry : entries) {
    std::string line = "  " + entry.both();
    line.append(left + 4 - line.size(), ' ');
    const std::size_t indent = line.size();
    std::string_view rest = entry.help;
    while (indent + rest.size() > kHelpColumns) {
      const std::size_t blank = rest.rfind(' ', kHelpColumns - indent);
      if (blank == std::string_view::npos) break;
      out.append(line).append(rest.substr(0, blank)).append("\n");
      rest.remove_prefix(blank + 1);
      line.assign(indent, ' ');
    }
    line += rest;
    out.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
  }
}

/// Digits alone.
std::optional<std::uint64_t> whole_number(std::string_view word) {
  std::uint64_t number = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

/// A whole number, not 0, with k, M or G behind it or not.
std::optional<std::uint64_t> number_of_bytes(std::string_view word) {
  constexpr std::pair<char, int> kUnits[] = {{'k', 10}, {'m', 20}, {'g', 30}};
  int shift = 0;
  for (const auto& [unit, bits] : kUnits) {
    if (!word.empty() && engine::fold(word.back()) == unit) shift = bits;
  }
  if (shift > 0) word.remove_suffix(1);
  const auto number = whole_number(word);
  if (!number || *number == 0 || *number > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return *number << shift;
}

}  // namespace

struct Arguments::State {
  CLI::App app;
  std::string usage;
  std::string what;
  std::string command;  // first word of `usage`
  std::vector<Entry> positionals;
  std::vector<Entry> options;
  std::vector<Example> examples;
  std::vector<std::string> actions;
  const std::string* action = nullptr;
  std::string color = "auto";
  bool help = false;

  /// An option without help shares the line of the one before.
  void list(const std::string& names, const std::string& value, const std::string& words) {
    if (words.empty()) {
      options.back().left += ", " + spaced(names);
    } else {
      options.push_back({spaced(names), value, words});
    }
  }

  std::string suggestion(const std::string& word) const {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string_view near = rules::did_you_mean(word.substr(0, word.find('=')), views);
    return near.empty() ? "" : "; did you mean " + std::string(near) + "?";
  }
};

Arguments::Arguments(std::string usage, std::string what) : state_(std::make_unique<State>()) {
  state_->usage = std::move(usage);
  state_->what = std::move(what);
  state_->command = state_->usage.substr(0, state_->usage.find(' '));
  state_->app.set_help_flag();
  state_->app.allow_extras();  // so that parse() can say what was meant
}

Arguments::~Arguments() = default;

void Arguments::flag(const std::string& names, bool& into, const std::string& help) {
  state_->app.add_flag(names, into);
  state_->list(names, "", help);
}

void Arguments::text(const std::string& names, const std::string& value, std::string& into, const std::string& help) {
  state_->app.add_option(names, into);
  state_->list(names, value, help);
}

void Arguments::number(const std::string& names, const std::string& value, std::uint64_t& into, const std::string& help,
                       NumberRange range) {
  auto in_range = [range](const std::string& word) -> std::string {
    const auto number = whole_number(word);
    if (number && *number >= range.least && *number <= range.most) return "";
    std::string wanted = "a whole number";
    if (range.least > 0 || range.most < NumberRange{}.most) wanted += " from " + std::to_string(range.least);
    if (range.most < NumberRange{}.most) wanted += " to " + std::to_string(range.most);
    return wanted + " is wanted, not " + word;
  };
  state_->app.add_option(names, into)->check(in_range);
  state_->list(names, value, help);
}

void Arguments::bytes(const std::string& names, const std::string& value, std::uint64_t& into,
                      const std::string& help) {
  auto to_bytes = [](std::string& word) -> std::string {
    const auto bytes = number_of_bytes(word);
    if (!bytes) return "a number of bytes, such as 4096, 64k, 10M or 8G, is wanted, not " + word;
    word = std::to_string(*bytes);
    return "";
  };
  state_->app.add_option(names, into)->transform(CLI::Validator(to_bytes, ""));
  state_->list(names, value, help);
}

void Arguments::repeated(const std::string& names, const std::string& value, std::vector<std::string>& into,
                         const std::string& help) {
  // One value each time: without this the option would take the paths that follow it.
  state_->app.add_option(names, into)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  state_->list(names, value, help);
}

void Arguments::choice(const std::string& names, const std::string& value, const std::vector<std::string>& choices,
                       std::string& into, const std::string& help) {
  auto known = [choices](const std::string& word) -> std::string {
    if (std::find(choices.begin(), choices.end(), word) != choices.end()) return "";
    const std::vector<std::string_view> views(choices.begin(), choices.end());
    const std::string_view near = rules::did_you_mean(word, views);
    return "one of " + joined(choices, ", ") + " is wanted, not " + word +
           (near.empty() ? "" : "; did you mean " + std::string(near) + "?");
  };
  state_->app.add_option(names, into)->check(known);
  state_->list(names, value, help);
}

void Arguments::positional(const std::string& name, std::string& into, const std::string& help) {
  state_->app.add_option(name, into)->required();
  if (!help.empty()) state_->positionals.push_back({name, "", help});
}

void Arguments::action(const std::vector<std::string>& actions, std::string& into, const std::string& help) {
  positional("ACTION", into, help);
  state_->actions = actions;
  state_->action = &into;
}

void Arguments::optional_positional(const std::string& name, std::string& into, const std::string& help) {
  state_->app.add_option(name, into);
  if (!help.empty()) state_->positionals.push_back({"[" + name + "]", "", help});
}

void Arguments::positionals(const std::string& name, std::vector<std::string>& into, const std::string& help) {
  state_->app.add_option(name, into)->required();
  if (!help.empty()) state_->positionals.push_back({name + "...", "", help});
}

void Arguments::optional_positionals(const std::string& name, std::vector<std::string>& into, const std::string& help) {
  state_->app.add_option(name, into);
  if (!help.empty()) state_->positionals.push_back({"[" + name + "...]", "", help});
}

void Arguments::example(std::string command, std::string what) {
  state_->examples.push_back({std::move(command), std::move(what)});
}

std::optional<int> Arguments::parse(std::vector<std::string> words, Console& console) {
  CLI::App& app = state_->app;
  choice("--color", "WHEN", {"auto", "always", "never"}, state_->color,
         "auto (on a terminal without NO_COLOR), always, never");
  app.add_flag("-h,--help", state_->help);  // not listed: who reads the list knows it

  // Asked for anywhere, help wins over whatever else is wrong with the line.
  const auto end = std::find(words.begin(), words.end(), "--");
  if (std::any_of(words.begin(), end, [](const auto& word) { return word == "--help" || word == "-h"; })) {
    console.out(help());
    return kRan;
  }
  std::string problem;
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(words);
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string said = error.what();
    const bool twice = said.find("At Most") != std::string::npos;
    problem = said.substr(0, said.find(':')) + (twice ? " is given more than once" : " wants a value behind it");
  } catch (const CLI::ParseError& error) {
    problem = error.what();
  }
  for (const auto& word : app.remaining()) {
    if (word == "--") continue;
    return refuse(word.starts_with('-') ? "there is no option " + word + state_->suggestion(word)
                                        : word + " is one argument too many",
                  console);
  }
  if (!problem.empty()) return refuse(problem, console);
  const auto& actions = state_->actions;
  if (state_->action != nullptr && std::find(actions.begin(), actions.end(), *state_->action) == actions.end()) {
    return refuse("there is no action " + *state_->action + ": " + joined(actions, ", "), console);
  }
  console.choose_colour(state_->color == "always"  ? Colour::kAlways
                        : state_->color == "never" ? Colour::kNever
                                                   : Colour::kAuto);
  return std::nullopt;
}

int Arguments::refuse(const std::string& message, Console& console) const {
  console.error(state_->command + ": " + message);
  console.note("usage: tripline " + state_->usage + "\nTry `tripline " + state_->command + " --help`.");
  return kCannotRun;
}

int Arguments::fail(const engine::Error& error, Console& console) const {
  if (error.code == engine::ErrorCode::kUsage) return refuse(error.message, console);
  console.error(error.message);
  return engine::row_of(error.code).exit_code;
}

std::string Arguments::help() const {
  std::string out = "usage: tripline " + state_->usage + "\n" + state_->what + "\n\n";
  std::vector<Entry> entries = state_->positionals;
  entries.insert(entries.end(), state_->options.begin(), state_->options.end());
  append_entries(out, entries);
  if (!state_->examples.empty()) out += "\nExamples:\n";
  std::vector<Entry> examples;
  for (const auto& example : state_->examples) examples.push_back({"tripline " + example.command, "", example.what});
  append_entries(out, examples);
  return out;
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace tripline::app
