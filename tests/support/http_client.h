#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace tripline::tests {

/// An answer as it came over the wire; names of headers are in lower case.
struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// Empty when there is no such header.
  std::string header(std::string_view name) const;
};

/// A blocking connection that sends exactly the bytes it is given, for tests of servers. Nothing is waited for longer
/// than 30 s: then a read looks like a closed connection.
class HttpClient {
 public:
  struct Tls {
    std::string ca;             // whom to trust, in PEM; empty: whoever comes
    std::string certificate{};  // the client's own, and its key
    std::string key{};
    int max_version = 0;                   // as OpenSSL numbers them; 0: the newest
    std::string ciphers{};                 // of TLS 1.2, as OpenSSL names them
    std::vector<std::string> protocols{};  // offered by ALPN
  };

  /// Throws when nobody listens there.
  explicit HttpClient(std::uint16_t port, const std::string& address = "127.0.0.1");
  /// Throws when the handshake fails.
  HttpClient(std::uint16_t port, const Tls& tls, const std::string& address = "127.0.0.1");
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// False: the other side has closed or reset the connection, or does not read.
  bool send(std::string_view bytes);

  /// The next answer, those of 100 Continue included. Nothing: the connection was closed before it was whole. After
  /// `head_only`, no body is expected, as after HEAD.
  std::optional<HttpAnswer> answer(bool head_only = false);

  /// send() and answer().
  std::optional<HttpAnswer> ask(std::string_view request);

  /// Waits for the other side to close or reset the connection and returns what came until then.
  std::string rest();

  /// Says that nothing more is sent.
  void finish();
  /// Ends the connection as a process that dies with data unread does.
  void reset();
  /// Waits for the other side to reset the connection, without reading; false: it did not.
  bool wait_for_reset();
  /// Makes the system's buffer for this side small, so that it shows early when nobody reads it.
  void shrink_receive_buffer();

  std::string protocol() const;     // that ALPN chose
  std::string tls_version() const;  // "TLSv1.3"
  std::string server_name() const;  // the common name of the server's certificate

 private:
  bool read_more();

  int socket_ = -1;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  std::string unread_;
};

/// `POST path` with the body, ready to be sent. `headers` are whole lines with their CRLF.
std::string post(std::string_view path, std::string_view body, std::string_view headers = {});
std::string get(std::string_view path, std::string_view headers = {});

/// The body in chunks of `size`.
std::string chunked(std::string_view body, std::size_t size);

}  // namespace tripline::tests
