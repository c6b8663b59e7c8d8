#pragma once

#include <chrono>
#include <string>

#include "engine/result.h"

namespace tripline::app {

struct HttpCallOptions {
  std::string method = "GET";
  std::string json{};     // the body; empty: none
  std::string token{};    // bearer; empty: none
  std::string ca_file{};  // roots, PEM; empty: the system's
  std::chrono::milliseconds connect_limit{5'000};
  std::chrono::milliseconds limit{15'000};  // of all of it
  std::size_t max_bytes = std::size_t{16} << 20;
};

struct HttpCallAnswer {
  long status = 0;
  std::string body;
};

/// Calls one http or https URL, without following redirects. kIo: nobody answers, or not in time; kTooLarge: the
/// answer is. The message has the URL and never the token. Threads: any.
engine::Result<HttpCallAnswer> http_call(const std::string& url, const HttpCallOptions& options);

}  // namespace tripline::app
