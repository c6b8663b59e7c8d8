#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/json_line.h"
#include "app/quantity.h"
#include "app/rule_options.h"
#include "app/sarif.h"
#include "engine/json_text.h"
#include "rules/loader.h"

namespace tripline::app {
namespace {

struct CheckOptions {
  RuleOptions rules;
  std::string format = "text";
  std::vector<std::string> ignored;
  bool warnings_are_errors = false;
};

std::string json_of(const std::vector<rules::Diagnostic>& diagnostics) {
  engine::JsonText json;
  json.begin_array();
  for (const auto& diagnostic : diagnostics) {
    json.begin_object().member("path", diagnostic.at.path);
    json.raw_member("line", std::to_string(diagnostic.at.line));
    json.raw_member("column", std::to_string(diagnostic.at.column));
    json.member("severity", name_of(diagnostic.code->severity)).member("code", diagnostic.code->code);
    json.member("message", diagnostic.message).optional_member("hint", diagnostic.hint);
    json.optional_member("rule", diagnostic.rule).end_object();
  }
  return json.end_array().take();
}

/// How many rules are in which state, and how long it took.
std::string summary(const rules::Loaded& loaded, const SeverityCounts& counts) {
  using State = rules::RuleState::State;
  const auto in_state = [&](State state) {
    return static_cast<std::size_t>(std::count_if(loaded.states.begin(), loaded.states.end(),
                                                  [&](const auto& rule) { return rule.state == state; }));
  };
  std::string text = counted(loaded.states.size(), "rule") + " in " + counted(loaded.files, "file") + ": " +
                     counted(counts.errors, "error") + ", " + counted(counts.warnings, "warning");
  const auto also = [&](std::size_t count, const std::string& one, const std::string& many) {
    if (count > 0) text += "; " + counted(count, one, many);
  };
  const auto also_rules = [&](State state, const std::string& what) { also(in_state(state), what, what); };
  also_rules(State::kFailed, "left out");
  also_rules(State::kSkippedStatus, "deprecated or unsupported and not read");
  also_rules(State::kOtherLogSource, "for other log sources");
  also_rules(State::kDisabled, "disabled");
  also(loaded.not_rules, "document that is no rule", "documents that are no rules");
  std::array<char, 80> timing{};
  std::snprintf(timing.data(), timing.size(), " (yaml-cpp %.3f s, all else %.3f s)", loaded.timing.yaml_seconds,
                loaded.timing.compile_seconds);
  return text + timing.data();
}

/// What is wrong with a code that --ignore names; nothing when there is one.
std::optional<std::string> refusal_of(const std::string& code) {
  std::vector<std::string_view> codes;
  for (const auto& row : rules::diagnostic_codes()) codes.push_back(row.code);
  if (std::find(codes.begin(), codes.end(), code) != codes.end()) return {};
  const std::string_view near = rules::did_you_mean(code, codes);
  return "--ignore: there is no code " + code + (near.empty() ? "" : "; did you mean " + std::string(near) + "?");
}

engine::Result<int> check(const CheckOptions& options, Console& console) {
  for (const auto& code : options.ignored) {
    if (const auto refusal = refusal_of(code)) return engine::fail(engine::ErrorCode::kUsage, *refusal);
  }
  auto loaded = options.rules.load();
  if (!loaded) return loaded.error();
  loaded->diagnostics.sort();
  std::vector<rules::Diagnostic> shown;
  for (const auto& diagnostic : loaded->diagnostics.all()) {
    // Only a warning can be waved through: what does not compile does not run.
    const bool is_ignored =
        diagnostic.code->severity == rules::Severity::kWarning &&
        std::find(options.ignored.begin(), options.ignored.end(), diagnostic.code->code) != options.ignored.end();
    if (!is_ignored) shown.push_back(diagnostic);
  }
  if (options.format == "json") {
    console.out(json_line(json_of(shown)) + "\n");
  } else if (options.format == "sarif") {
    console.out(json_line(sarif(shown)) + "\n");
  } else {
    SourceLines sources;
    for (const auto& diagnostic : shown) print_diagnostic(diagnostic, sources, console, Stream::kOut);
  }
  const SeverityCounts counts = count_severities(shown);
  console.note(summary(*loaded, counts));
  if (loaded->states.empty() && counts.errors == 0) console.warning("no rule was found");
  return counts.errors > 0 || (options.warnings_are_errors && counts.warnings > 0) ? kBadRules : kRan;
}

}  // namespace

int run_check(std::vector<std::string> words, Console& console) {
  CheckOptions options;
  options.rules.lint = true;
  Arguments arguments("check [OPTION]... RULES...",
                      "Compiles and lints rules: what is wrong, where, and what to write instead.\n"
                      "Exits with 2 when a rule does not compile. Codes: docs/diagnostics.md.");
  arguments.positionals("RULES", options.rules.paths, "rule file, or folder that is walked for .yml and .yaml");
  arguments.choice("--format", "FORMAT", {"text", "json", "sarif"}, options.format, "text, json, sarif (default text)");
  arguments.repeated("--ignore", "CODE", options.ignored, "leave out warnings of this code, repeatable");
  arguments.flag("--werror", options.warnings_are_errors, "exit with 2 on warnings too");
  options.rules.declare(arguments, false);
  arguments.example("check my-rules/", "");
  arguments.example("check --werror --ignore broad my-rules/", "for a commit hook");
  arguments.example("check --format sarif my-rules/ > check.sarif", "for code review");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = check(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
