#pragma once

#include <string>

#include "app/arguments.h"
#include "engine/result.h"

namespace tripline::app {

/// Where a running server is, and what it wants to see of who calls it: options of every command that asks one.
struct ServerOptions {
  std::string url = "http://127.0.0.1:8480";
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

}  // namespace tripline::app
