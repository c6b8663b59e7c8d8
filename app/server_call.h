#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "app/arguments.h"
#include "engine/result.h"

namespace tripline::app {

/// $TRIPLINE_URL, else where a server listens by default.
std::string server_url();

/// Where a running server is, and what it wants to see of who calls it: options of every command that asks one.
struct ServerOptions {
  std::string url = server_url();
  std::string token_file{};
  std::string ca_file{};
};

void declare_server_options(Arguments& arguments, ServerOptions& options);

/// The URL without what is too much at its end.
std::string base_of(const ServerOptions& options);

/// A token's need, as api.yml says it of each call.
enum class Token { kRead, kAdmin };

/// Calls `/api/v1/...` and returns the answer's body. Errors say what to do: nobody answers, the token is wrong, or,
/// kUsage, what the server has against the call.
/// `json`: the body; empty: none.
engine::Result<std::string> call_server(const ServerOptions& options, Token token, const std::string& method,
                                        const std::string& path, const std::string& json = {});

/// What a server answered, as JSON.
struct ServerAnswer {
  std::string text;
  simdjson::dom::parser parser{};
  simdjson::dom::element json{};
};

/// call_server(), and its answer read. kBadInput: it is no JSON, or has not the member `wanted` (empty: any).
engine::Result<std::unique_ptr<ServerAnswer>> ask_server(const ServerOptions& options, Token token,
                                                         const std::string& method, const std::string& path,
                                                         const std::string& json, std::string_view wanted);

}  // namespace tripline::app
