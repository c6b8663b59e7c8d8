#include <chrono>
#include <csignal>
#include <ctime>
#include <string>
#include <unistd.h>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/config/config.h"
#include "app/config/problems.h"
#include "app/log.h"
#include "app/notify.h"
#include "app/quantity.h"
#include "app/serve/server.h"
#include "app/serve/sink_log.h"
#include "app/serve/watchdog.h"

namespace tripline::app {
namespace {

/// Blocked in all threads, so that the main one takes them one at a time.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

/// What is loaded, and the overrides that do not do what they say.
void tell_rules(const Server& server, Log& log, const Notify& notify) {
  const auto loaded = server.loaded();
  for (const auto& found : loaded->diagnostics.all()) {
    if (!found.code->code.starts_with("override-")) continue;
    log.warning("an override does not do what it says",
                {{"place", found.at.path + ":" + std::to_string(found.at.line)}, {"why", found.message}});
  }
  const std::size_t rules = loaded->rules->detections.size() + loaded->rules->correlations.size();
  log.info("rules", {{"loaded", rules}, {"documents", loaded->states.size()}});
  notify.status(counted(rules, "rule") + " loaded");
}

/// Says what has happened since it looked last: by reloads, whoever asked for them, and to durability.
class Teller {
 public:
  Teller(Log& log, const Notify& notify) : log_(log), notify_(notify) {}

  void look(const Server& server) {
    const ReloadFacts reloads = server.reloads();
    if (reloads.failed > told_.failed) {
      log_.error("reload refused, what was there stays", {{"error", reloads.error}});
    }
    if (reloads.succeeded > told_.succeeded) {
      log_.info("reloaded");
      tell_rules(server, log_, notify_);
    }
    told_ = reloads;
    const std::string trouble = server.not_ready();
    if (trouble != trouble_) {
      if (trouble.empty()) {
        log_.info("what comes is made durable again");
      } else {
        log_.error("nothing can be made durable, senders are told to come again", {{"error", trouble}});
      }
    }
    trouble_ = trouble;
  }

 private:
  Log& log_;
  const Notify& notify_;
  ReloadFacts told_;
  std::string trouble_;
};

/// Until SIGTERM or SIGINT.
void run_until_told(Server& server, const sigset_t& signals, Log& log, const Notify& notify) {
  constexpr timespec kTick{1, 0};
  std::string told;  // of tick(), once
  SinkLog sinks(log);
  Teller teller(log, notify);
  auto looked = std::chrono::steady_clock::now();
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &kTick);
    if (signal == SIGTERM || signal == SIGINT) return;
    log.tick();
    sinks.look(server.alerts(), server.clock().now());
    const auto done = server.tick();
    const std::string trouble = done ? "" : done.error().message;
    if (!trouble.empty() && trouble != told) log.warning("upkeep failed", {{"error", trouble}});
    told = trouble;
    const auto now = std::chrono::steady_clock::now();
    if (signal == SIGHUP) {
      notify.reloading();
      (void)server.reload();  // the teller says what came of it
      notify.ready();
    } else if (server.config().reload.watch && now - looked >= server.config().reload.interval) {
      looked = now;
      (void)server.reload_if_changed();
    }
    teller.look(server);
  }
}

}  // namespace

int run_serve(std::vector<std::string> words, Console& console) {
  std::string path;
  Arguments arguments("serve", "Runs the engine: takes events by HTTP, makes their signals durable, answers.");
  arguments.text("-c,--config", "FILE", path, "the configuration; without it, loopback and ./tripline-data");
  arguments.example("serve", "127.0.0.1:8480, the shipped rules");
  arguments.example("serve -c /etc/tripline/tripline.yml", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const sigset_t signals = block_signals();
  auto loaded = load_config(path, environment_of_process());
  if (!loaded) return arguments.fail(loaded.error(), console);
  if (print_config_problems(*loaded, console)) return kCannotRun;
  const Notify notify = Notify::of_process();
  Log log(loaded->config.logs, STDERR_FILENO);
  auto server = Server::start(std::move(loaded->config));
  if (!server) return arguments.fail(server.error(), console);
  for (const std::string& address : (*server)->addresses()) log.info("listening", {{"address", address}});
  tell_rules(**server, log, notify);
  notify.ready();
  const Watchdog watchdog(notify, (*server)->engine());
  run_until_told(**server, signals, log, notify);
  notify.stopping();
  log.info("stopping");
  if (!(*server)->stop()) {
    log.warning("some deliveries were not made durable in time; they will be delivered again");
  }
  log.info("stopped");
  return kRan;
}

}  // namespace tripline::app
