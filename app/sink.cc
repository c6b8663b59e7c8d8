#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "alerts/test_message.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/config/config.h"
#include "app/config/problems.h"
#include "app/printable.h"
#include "app/serve/senders.h"

namespace tripline::app {
namespace {

struct SinkOptions {
  std::string action;
  std::string name;
  std::string config;
};

const Config::Sink* find_sink(const Config& config, const std::string& name) {
  for (const Config::Sink& sink : config.sinks) {
    if (sink.name == name) return &sink;
  }
  return nullptr;
}

std::string names_of(const Config& config) {
  std::string names;
  for (const Config::Sink& sink : config.sinks) names += (names.empty() ? "there are " : ", ") + sink.name;
  return names;
}

/// The sink's own time limits end it.
engine::Result<alerts::Sent> send(const Config::Sink& sink) {
  Transport transport;
  const auto senders = Senders::make({sink}, transport, [] { return nullptr; });
  if (!senders) return senders.error();
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  // Shared, as whoever sets the value may still be at it when it is there.
  const auto sent = std::make_shared<std::promise<alerts::Sent>>();
  auto outcome = sent->get_future();
  senders->ends().front().send({alerts::test_message(now)}, now,
                               [sent](alerts::Sent done) { sent->set_value(std::move(done)); });
  return outcome.get();
}

/// What a person is to do about it.
std::string_view advice(const alerts::Verdict& verdict) {
  if (verdict.kind == alerts::Verdict::Kind::kRetry) return "a server would try it again";
  return verdict.of_sink ? "look at the sink's settings: a server would hold back all that is for it"
                         : "the receiver refuses this message; a server would park it";
}

engine::Result<int> test(const SinkOptions& options, Console& console) {
  const auto loaded = load_config(options.config, environment_of_process());
  if (!loaded) return loaded.error();
  if (print_config_problems(*loaded, console)) return kCannotRun;
  const Config::Sink* sink = find_sink(loaded->config, options.name);
  if (sink == nullptr) {
    return engine::fail(engine::ErrorCode::kUsage,
                        "there is no sink " + options.name + "; " + names_of(loaded->config));
  }
  const auto outcome = send(*sink);
  if (!outcome) return outcome.error();
  const alerts::Sent& sent = *outcome;
  const alerts::Verdict& verdict = sent.verdicts.front();
  const bool delivered = verdict.kind == alerts::Verdict::Kind::kDelivered;
  const std::string name = sink->name + " (" + std::string(sink->kind->name) + "): ";
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(sent.took);
  console.flush();  // what a sink on standard output has written is in front
  console.line(Stream::kOut, printable(name + (delivered ? "delivered in " : "not delivered, after ") +
                                       std::to_string(took.count()) + " ms" + (delivered ? "" : ": " + verdict.why)));
  if (sent.status != 0) {
    console.line(Stream::kOut, printable("  the receiver answers " + std::to_string(sent.status) + sent.said));
  }
  if (delivered) return kRan;
  console.note("  " + std::string(advice(verdict)));
  return kFoundTrouble;
}

}  // namespace

int run_sink(std::vector<std::string> words, Console& console) {
  SinkOptions options;
  Arguments arguments("sink test [OPTION]... NAME",
                      "Sends a signal that is marked as a test to a sink, once, and shows what came\n"
                      "back. Exits with 1 when it was not delivered.");
  arguments.action({"test"}, options.action, "test");
  arguments.positional("NAME", options.name, "of a sink in the configuration");
  arguments.text("-c,--config", "FILE", options.config, "the server's configuration");
  arguments.example("sink test -c tripline.yml pager", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = test(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
