#include <string>
#include <utility>
#include <vector>

#include "alerts/explain_routes.h"
#include "app/arguments.h"
#include "app/asked_signal.h"
#include "app/commands.h"
#include "app/config/config.h"
#include "app/config/problems.h"
#include "app/printable.h"
#include "app/serve/server_rules.h"
#include "rules/rule_files.h"

namespace tripline::app {
namespace {

constexpr std::size_t kMostBytes = 64 << 20;

struct RouteOptions {
  std::string action;
  std::string path;
  std::string config;
  std::string change = "opened";
};

alerts::Change change_of(const std::string& name) {
  for (const alerts::ChangeRow& row : alerts::kChanges) {
    if (row.name == name) return row.change;
  }
  return alerts::Change::kOpened;
}

void show(const alerts::RouteAnswer& answer, const std::vector<alerts::RoutedSink>& sinks, Console& console) {
  const std::string route = "  `" + answer.route + "` ";
  if (!answer.takes) return console.line(Stream::kOut, route + "does not take it: " + answer.why);
  console.line(Stream::kOut, route + (answer.sinks.empty() ? "takes it and leads nowhere" : "takes it"));
  for (const auto& to : answer.sinks) {
    std::string kind;
    for (const alerts::RoutedSink& sink : sinks) {
      if (sink.name == to.sink) kind = sink.kind->name;
    }
    const std::string told = to.told ? "told " : "not told: ";
    console.line(Stream::kOut, "    " + console.paint(Stream::kOut, to.told ? Style::kGreen : Style::kDim, to.sink) +
                                   " (" + kind + ") " + told + to.how);
  }
}

engine::Result<int> test(const RouteOptions& options, Console& console) {
  const auto loaded = load_config(options.config, environment_of_process());
  if (!loaded) return loaded.error();
  if (print_config_problems(*loaded, console)) return kCannotRun;
  const Config& config = loaded->config;
  const auto accounts = load_server_accounts(config);
  if (!accounts) return accounts.error();
  const auto text = rules::read_text(options.path, kMostBytes);
  if (!text) return engine::fail(text.error().code, options.path + ": " + text.error().message);
  const auto signals = read_asked_signals(*text, accounts->get());
  if (!signals) return engine::fail(signals.error().code, options.path + ": " + signals.error().message);
  std::vector<alerts::RoutedSink> sinks;
  for (const Config::Sink& sink : config.sinks) sinks.push_back({sink.name, sink.kind});
  for (const AskedSignal& signal : *signals) {
    console.line(Stream::kOut, printable(options.change + ", " + std::string(engine::name_of(signal.level)) + ": " +
                                         signal.title + " (" + signal.rule + ")"));
    for (const auto& answer : alerts::explain_routes(
             config.routes, sinks, {signal.traits, signal.level, change_of(options.change), signal.continues})) {
      show(answer, sinks, console);
    }
  }
  return kRan;
}

}  // namespace

int run_route(std::vector<std::string> words, Console& console) {
  RouteOptions options;
  std::vector<std::string> changes;
  for (const alerts::ChangeRow& row : alerts::kChanges) changes.emplace_back(row.name);
  Arguments arguments("route test [OPTION]... SIGNAL",
                      "Says where a signal would go, and why: route by route, sink by sink. Nothing is\n"
                      "sent. SIGNAL: a file of signals as the API, sinks and `store export` write them.");
  arguments.action({"test"}, options.action, "test");
  arguments.positional("SIGNAL", options.path, "a file, JSON or NDJSON");
  arguments.text("-c,--config", "FILE", options.config, "the server's configuration");
  arguments.choice("--change", "CHANGE", changes, options.change, "opened, widened, updated, closed (default opened)");
  arguments.example("route test -c tripline.yml signal.json", "");
  arguments.example("route test -c tripline.yml --change widened signal.json", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = test(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
