#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/net/http_counters.h"
#include "connectors/net/http_limits.h"
#include "connectors/net/http_message.h"
#include "connectors/net/tls.h"
#include "engine/result.h"

namespace tripline::connectors::net {

/// Serves HTTP/1.1 and 1.0, plain and over TLS, to peers that nobody vouches for. docs/architecture.md, "HTTP", has the
/// limits and what each answers.
///
/// A connection reads its next request only when the one before is answered; several requests sent at once wait in the
/// system's buffers. Requests of different connections go side by side on the server's own threads.
/// Threads: any but the server's own, one call at a time; port() and counters() at any time.
class HttpServer {
 public:
  struct Listener {
    std::string address = "127.0.0.1";  // IPv4 or IPv6, no name; `::` takes IPv6 alone
    std::uint16_t port = 0;             // 0: the system chooses
    std::optional<TlsFiles> tls{};
  };
  struct Options {
    std::vector<Listener> listeners;
    std::size_t threads = 2;
    HttpLimits limits{};
  };

  HttpServer(Options options, HttpService service);
  /// Cuts what has not been stopped. Replies that are held somewhere stay harmless.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Once. Reads the certificates, takes the ports and serves. kIo says which address or file it could not have; then
  /// nothing is served.
  engine::Result<void> start();

  /// Where the listener of that number is reached. After start().
  std::uint16_t port(std::size_t listener = 0) const;

  /// Reads all certificates and keys again. New connections get the new ones, present ones keep theirs. An error
  /// changes nothing.
  engine::Result<void> reload_tls();

  /// No new connections, idle ones are closed, and every answer from now on is its connection's last.
  void drain();

  /// drain(), then waits for the requests that are being read or answered, at most `limit`, and cuts the rest. Returns
  /// how many connections were cut.
  std::size_t stop(std::chrono::milliseconds limit);

  const HttpCounters& counters() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace tripline::connectors::net
