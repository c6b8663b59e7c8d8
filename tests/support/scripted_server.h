#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "connectors/net/http_message.h"

namespace tripline::tests {

/// What a ScriptedServer answers, and how it misbehaves meanwhile.
struct ScriptedAnswer {
  enum class End {
    kWhole,
    kReset,   // the connection is reset in the middle of the body
    kDrip,    // a byte of the body each 5 ms, for as long as the client listens
    kSilent,  // nothing at all, for as long as the client waits
  };
  int status = 200;
  std::string body = "ok";
  std::vector<connectors::net::HttpHeader> headers{};
  End end = End::kWhole;
};

/// A small HTTP/1.1 server on a free port of 127.0.0.1, with a thread for each connection. It keeps what it was sent.
class ScriptedServer {
 public:
  using Handler = std::function<ScriptedAnswer(const connectors::net::HttpRequest&)>;

  /// PEM files; empty: no TLS. client_ca_file: clients must have a certificate of it.
  struct Tls {
    std::string cert_file, key_file, client_ca_file;
  };

  /// `handler` is called on the connections' threads, one at a time.
  explicit ScriptedServer(Handler handler, const Tls& tls = {});
  /// Gives these answers one after the other, and the last one ever after.
  explicit ScriptedServer(std::vector<ScriptedAnswer> answers, const Tls& tls = {});
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// `http://127.0.0.1:4711`
  std::string url() const;
  int port() const { return port_; }

  std::vector<connectors::net::HttpRequest> requests() const;
  std::size_t connections() const;

 private:
  class Connection;
  void accept_all();
  ScriptedAnswer answer_to(const connectors::net::HttpRequest& request);

  Handler handler_;
  std::shared_ptr<void> tls_;  // SSL_CTX; null: plain
  int listening_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<connectors::net::HttpRequest> requests_;
  std::vector<std::unique_ptr<Connection>> connections_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Certificates for a test: an authority, a server for 127.0.0.1 and localhost, and a client, all in PEM files.
struct TestCertificates {
  explicit TestCertificates(const std::string& folder);
  std::string ca_file, server_cert_file, server_key_file, client_cert_file, client_key_file;
};

}  // namespace tripline::tests
