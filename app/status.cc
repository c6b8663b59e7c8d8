#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/http_get.h"
#include "app/json_line.h"
#include "app/status_screen.h"
#include "rules/rule_files.h"

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::fail;

struct StatusOptions {
  std::string url = "http://127.0.0.1:8480";
  std::string token_file;
  std::string ca_file;
  bool json = false;
};

/// Of the file, else of the environment; empty: there is none.
engine::Result<std::string> token_of(const StatusOptions& options) {
  if (options.token_file.empty()) {
    const char* token = std::getenv("TRIPLINE_TOKEN");
    return token == nullptr ? std::string() : std::string(token);
  }
  auto text = rules::read_text(options.token_file, 64 << 10);
  if (!text) return fail(text.error().code, options.token_file + ": " + text.error().message);
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->find('\n') != std::string::npos) return fail(ErrorCode::kIo, options.token_file + ": it has several lines");
  return text;
}

engine::Result<int> show(const StatusOptions& options, Console& console) {
  const auto token = token_of(options);
  if (!token) return token.error();
  std::string base = options.url;
  while (base.ends_with('/')) base.pop_back();
  HttpGetOptions get;
  get.token = *token;
  get.ca_file = options.ca_file;
  const auto answer = http_get(base + "/api/v1/status", get);
  if (!answer) return fail(answer.error().code, answer.error().message + "; is `tripline serve` running there?");
  if (answer->status == 401 || answer->status == 403) {
    return fail(ErrorCode::kIo, base + ": the server wants " + (token->empty() ? "a token" : "another token") +
                                    ": one of api.read_tokens, in TRIPLINE_TOKEN or --token-file");
  }
  if (answer->status != 200) {
    return fail(ErrorCode::kIo, base + "/api/v1/status: the server answers " + std::to_string(answer->status));
  }
  if (const auto right = check_status(answer->body, base); !right) return right.error();
  if (options.json) {
    console.out(json_line(answer->body) + "\n");
    return kRan;
  }
  return show_status(answer->body, base, console) ? kRan : kFoundTrouble;
}

}  // namespace

int run_status(std::vector<std::string> words, Console& console) {
  StatusOptions options;
  Arguments arguments("status [OPTION]...",
                      "Shows how a running server is: readiness, lag by source, rules, last signal.\n"
                      "Exits with 1 when it is not ready, and with 3 when it does not answer.");
  arguments.text("--url", "URL", options.url, "of the server (default http://127.0.0.1:8480)");
  arguments.text("--token-file", "FILE", options.token_file, "holds a token for reading (default: $TRIPLINE_TOKEN)");
  arguments.text("--ca", "FILE", options.ca_file, "roots that its certificate may come from, PEM");
  arguments.flag("--json", options.json, "what the server says, as it is");
  arguments.example("status", "");
  arguments.example("status --url https://detect.example.net --token-file read.token", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = show(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
