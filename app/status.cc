#include <string>
#include <utility>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/json_line.h"
#include "app/server_call.h"
#include "app/status_screen.h"

namespace tripline::app {
namespace {

struct StatusOptions {
  ServerOptions server;
  bool json = false;
};

engine::Result<int> show(const StatusOptions& options, Console& console) {
  const auto status = call_server(options.server, Token::kRead, "GET", "/api/v1/status");
  if (!status) return status.error();
  const std::string base = base_of(options.server);
  if (const auto right = check_status(*status, base); !right) return right.error();
  if (options.json) {
    console.out(json_line(*status) + "\n");
    return kRan;
  }
  return show_status(*status, base, console) ? kRan : kFoundTrouble;
}

}  // namespace

int run_status(std::vector<std::string> words, Console& console) {
  StatusOptions options;
  Arguments arguments("status [OPTION]...",
                      "Shows how a running server is: readiness, lag by source, rules, last signal.\n"
                      "Exits with 1 when it is not ready, and with 3 when it does not answer.");
  declare_server_options(arguments, options.server);
  arguments.flag("--json", options.json, "what the server says, as it is");
  arguments.example("status", "");
  arguments.example("status --url https://detect.example.net --token-file read.token", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = show(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
