#include "app/server_call.h"

#include <cstdlib>
#include <utility>

#include <simdjson.h>

#include "app/http_call.h"
#include "app/printable.h"
#include "rules/rule_files.h"

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

/// Of the file, else of the environment; empty: there is none.
Result<std::string> token_of(const ServerOptions& options) {
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

/// The server's own words, if it has some.
std::string error_in(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  std::string_view error;
  if (parser.parse(body).get(json) != simdjson::SUCCESS || json["error"].get(error) != simdjson::SUCCESS) return {};
  return printable(error);
}

}  // namespace

std::string server_url() {
  const char* url = std::getenv("TRIPLINE_URL");
  return url == nullptr || *url == '\0' ? "http://127.0.0.1:8480" : url;
}

void declare_server_options(Arguments& arguments, ServerOptions& options) {
  arguments.text("--url", "URL", options.url, "of the server (default: $TRIPLINE_URL, or http://127.0.0.1:8480)");
  arguments.text("--token-file", "FILE", options.token_file, "holds a token of its API (default: $TRIPLINE_TOKEN)");
  arguments.text("--ca", "FILE", options.ca_file, "roots that its certificate may come from, PEM");
}

std::string base_of(const ServerOptions& options) {
  std::string base = options.url;
  while (base.ends_with('/')) base.pop_back();
  return base;
}

Result<std::string> call_server(const ServerOptions& options, Token wanted, const std::string& method,
                                const std::string& path, const std::string& json) {
  auto token = token_of(options);
  if (!token) return token.error();
  const std::string base = base_of(options);
  const bool none = token->empty();
  auto answer =
      http_call(base + path, {.method = method, .json = json, .token = std::move(*token), .ca_file = options.ca_file});
  if (!answer) return fail(answer.error().code, answer.error().message + "; is `tripline serve` running there?");
  if (answer->status == 200) return std::move(answer->body);
  if (answer->status == 401 || answer->status == 403) {
    return fail(ErrorCode::kIo, base + ": the server wants " + (none ? "a token" : "another token") + ": one of api." +
                                    (wanted == Token::kRead ? "read" : "admin") +
                                    "_tokens, in TRIPLINE_TOKEN or --token-file");
  }
  const std::string error = error_in(answer->body);
  if (error.empty()) {
    return fail(ErrorCode::kIo, base + path + ": the server answers " + std::to_string(answer->status));
  }
  return fail(answer->status < 500 ? ErrorCode::kUsage : ErrorCode::kIo, error);
}

Result<std::unique_ptr<ServerAnswer>> ask_server(const ServerOptions& options, Token wanted_token,
                                                 const std::string& method, const std::string& path,
                                                 const std::string& json, std::string_view wanted) {
  auto text = call_server(options, wanted_token, method, path, json);
  if (!text) return text.error();
  auto answer = std::make_unique<ServerAnswer>();
  answer->text = std::move(*text);
  const bool parsed = answer->parser.parse(answer->text).get(answer->json) == simdjson::SUCCESS;
  if (parsed && (wanted.empty() || answer->json[wanted].error() == simdjson::SUCCESS)) return answer;
  return fail(ErrorCode::kBadInput, base_of(options) + ": the answer is not that of a Tripline server");
}

}  // namespace tripline::app
