#include <chrono>
#include <csignal>
#include <ctime>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/config/config.h"
#include "app/config/problems.h"
#include "app/serve/server.h"

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

void tell_reload(const engine::Result<bool>& outcome, Console& console) {
  if (!outcome) {
    console.error("reload refused, what was there stays: " + outcome.error().message);
  } else if (*outcome) {
    console.note("reloaded");
  }
}

/// Until SIGTERM or SIGINT.
void run_until_told(Server& server, const sigset_t& signals, Console& console) {
  constexpr timespec kTick{1, 0};
  auto looked = std::chrono::steady_clock::now();
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &kTick);
    if (signal == SIGTERM || signal == SIGINT) return;
    const auto now = std::chrono::steady_clock::now();
    if (signal == SIGHUP) {
      tell_reload(server.reload(), console);
    } else if (server.config().reload.watch && now - looked >= server.config().reload.interval) {
      looked = now;
      tell_reload(server.reload_if_changed(), console);
    }
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
  auto server = Server::start(std::move(loaded->config));
  if (!server) return arguments.fail(server.error(), console);
  for (const std::string& address : (*server)->addresses()) console.note("listening on " + address);
  run_until_told(**server, signals, console);
  console.note("stopping");
  if (!(*server)->stop()) {
    console.warning("some deliveries were not made durable in time; they will be delivered again");
  }
  console.note("stopped");
  return kRan;
}

}  // namespace tripline::app
