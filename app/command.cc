#include "app/command.h"

#include <algorithm>
#include <exception>

#include "app/commands.h"
#include "rules/diagnostic.h"

namespace tripline::app {
namespace {

constexpr Command kCommands[] = {
    {"serve", "run the engine: events in by HTTP, windows and signals kept for good", &run_serve},
    {"scan", "run rules over logs and show what fires", &run_scan},
    {"search", "find records: eventName:Create* -eventName:CreateLogStream", &run_search},
    {"timeline", "what one identity did, through every role it assumed", &run_timeline},
    {"fields", "which fields there are, how often, with what values, in which rules", &run_fields},
    {"check", "compile and lint rules", &run_check},
    {"test", "run the rules' own tests (*.test.yml)", &run_test},
    {"explain", "why a rule did or did not match an event, predicate by predicate", &run_explain},
    {"send", "replay files into a running server, as Data Firehose would", &run_send},
    {"rules", "every rule with its state and why", &run_rules},
    {"learn", "fill a store with what is usual, before it is watched", &run_learn},
    {"store", "look after the file of --store: check, compact, export, backup", &run_store},
    {"config", "check and print the configuration of a server", &run_config},
    {"silence", "keep signals from the sinks of a running server for a while", &run_silence},
    {"route", "where a signal would go, and why", &run_route},
    {"sink", "try a sink out: send a marked test signal, and show what came back", &run_sink},
    {"outbox", "what waits for the sinks of a running server; retry and drop", &run_outbox},
    {"status", "how a running server is, on one screen", &run_status},
};

const Command* find(std::string_view name) {
  const auto* at =
      std::find_if(std::begin(kCommands), std::end(kCommands), [&](const auto& c) { return c.name == name; });
  return at == std::end(kCommands) ? nullptr : at;
}

std::string help() {
  // A screen has 30 lines.
  std::string out = "usage: tripline COMMAND [OPTION]... [ARGUMENT]...  Sigma rules for CloudTrail\n\nCommands:\n";
  for (const auto& command : kCommands) {
    out.append("  ").append(command.name).append(10 - command.name.size(), ' ').append(command.what).append("\n");
  }
  out +=
      "\nExamples:\n"
      "  tripline scan AWSLogs/   the shipped rules over a folder\n"
      "  tripline scan --help     options and examples, as for each; tripline --version\n"
      "Exit codes:\n"
      "  0  ran\n"
      "  1  a test failed, or scan --fail-on met\n"
      "  2  some rule did not compile (scan runs the others and says so)\n"
      "  3  usage, input or output; with --strict, records were set aside\n";
  return out;
}

int run(const std::vector<std::string>& words, Console& console) {
  std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
  std::string name = words.empty() ? "" : words.front();
  if (name == "help" && !rest.empty()) {
    name = rest.front();
    rest = {"--help"};
  }
  if (name == "--help" || name == "-h" || name == "help") {
    console.out(help());
    return kRan;
  }
  if (name == "--version" || name == "-V") {
    console.out("tripline " TRIPLINE_VERSION "\n");
    return kRan;
  }
  if (const Command* command = find(name)) return command->run(std::move(rest), console);
  if (name.empty()) {
    console.note(help());
    return kCannotRun;
  }
  std::vector<std::string_view> names;
  for (const auto& command : kCommands) names.push_back(command.name);
  const std::string_view near = rules::did_you_mean(name, names);
  console.error("there is no command " + name + (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
  console.note("Try `tripline --help`.");
  return kCannotRun;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_program(const std::vector<std::string>& words, Console& console) {
  int code = kCannotRun;
  try {
    code = run(words, console);
  } catch (const std::exception& error) {
    console.status("");
    console.error(error.what());
  }
  if (!console.flush()) {
    console.error("standard output cannot be written; results are lost");
    return kCannotRun;
  }
  return code;
}

}  // namespace tripline::app
