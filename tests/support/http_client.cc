#include "tests/support/http_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tripline::tests {
namespace {

constexpr timeval kPatience{.tv_sec = 30, .tv_usec = 0};

int connect_to(std::uint16_t port, const std::string& address) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool ipv6 = address.find(':') != std::string::npos;
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  const bool known = ipv6 ? inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1
                          : inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
  const int socket = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* const to = ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  if (!known || socket < 0 || ::connect(socket, to, ipv6 ? sizeof v6 : sizeof v4) != 0) {
    if (socket >= 0) ::close(socket);
    throw std::runtime_error("nobody listens at " + address + " port " + std::to_string(port));
  }
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  return socket;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

HttpClient::HttpClient(std::uint16_t port, const std::string& address)
    : socket_(connect_to(port, address)), context_(nullptr, &SSL_CTX_free), tls_(nullptr, &SSL_free) {}

HttpClient::HttpClient(std::uint16_t port, const Tls& tls, const std::string& address) : HttpClient(port, address) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (tls.max_version != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), tls.max_version);
    SSL_CTX_set_security_level(context_.get(), 0);
  }
  if (!tls.ciphers.empty()) SSL_CTX_set_cipher_list(context_.get(), tls.ciphers.c_str());
  if (!tls.ca.empty()) {
    SSL_CTX_load_verify_locations(context_.get(), tls.ca.c_str(), nullptr);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (!tls.certificate.empty()) {
    SSL_CTX_use_certificate_chain_file(context_.get(), tls.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context_.get(), tls.key.c_str(), SSL_FILETYPE_PEM);
  }
  tls_.reset(SSL_new(context_.get()));
  std::string offered;
  for (const auto& protocol : tls.protocols) {
    offered += static_cast<char>(protocol.size());
    offered += protocol;
  }
  if (!offered.empty()) {
    SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned int>(offered.size()));
  }
  SSL_set_fd(tls_.get(), socket_);
  const int connected = SSL_connect(tls_.get());
  ERR_clear_error();
  if (connected != 1) throw std::runtime_error("the TLS handshake failed");
}

HttpClient::~HttpClient() {
  tls_.reset();
  if (socket_ >= 0) ::close(socket_);
}

bool HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ ? static_cast<ssize_t>(SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      ERR_clear_error();
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::read_more() {
  std::array<char, 65536> part;
  const auto got = tls_ ? static_cast<ssize_t>(SSL_read(tls_.get(), part.data(), static_cast<int>(part.size())))
                        : ::recv(socket_, part.data(), part.size(), 0);
  if (got <= 0) {
    ERR_clear_error();
    return false;
  }
  unread_.append(part.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<HttpAnswer> HttpClient::answer(bool head_only) {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  HttpAnswer answer;
  const std::string head = unread_.substr(0, end + 2);
  unread_.erase(0, end + 4);
  if (!head.starts_with("HTTP/1.1 ")) return std::nullopt;
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  for (std::size_t line = head.find("\r\n") + 2; line < head.size(); line = head.find("\r\n", line) + 2) {
    const auto colon = head.find(": ", line);
    answer.headers.emplace_back(lower(head.substr(line, colon - line)),
                                head.substr(colon + 2, head.find("\r\n", line) - colon - 2));
  }
  std::size_t size = 0;
  const std::string length = answer.header("content-length");
  std::from_chars(length.data(), length.data() + length.size(), size);
  if (head_only) size = 0;
  while (unread_.size() < size) {
    if (!read_more()) return std::nullopt;
  }
  answer.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return answer;
}

std::optional<HttpAnswer> HttpClient::ask(std::string_view request) {
  send(request);
  return answer();
}

std::string HttpClient::rest() {
  while (read_more()) {
  }
  return std::exchange(unread_, {});
}

void HttpClient::finish() { ::shutdown(socket_, SHUT_WR); }

void HttpClient::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

bool HttpClient::wait_for_reset() {
  pollfd wanted{.fd = socket_, .events = 0, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(kPatience.tv_sec) * 1000) == 1 && (wanted.revents & POLLERR) != 0;
}

void HttpClient::shrink_receive_buffer() {
  const int bytes = 4096;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

std::string HttpClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(tls_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string HttpClient::tls_version() const { return SSL_get_version(tls_.get()); }

std::string HttpClient::server_name() const {
  X509* const certificate = SSL_get0_peer_certificate(tls_.get());
  char name[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return name;
}

std::string post(std::string_view path, std::string_view body, std::string_view headers) {
  std::string request = "POST ";
  request.append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
  request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return request;
}

std::string get(std::string_view path, std::string_view headers) {
  std::string request = "GET ";
  return request.append(path).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers).append("\r\n");
}

std::string chunked(std::string_view body, std::size_t size) {
  std::string text;
  while (!body.empty()) {
    const auto chunk = body.substr(0, size);
    body.remove_prefix(chunk.size());
    char digits[17];
    const auto end = std::to_chars(digits, digits + sizeof digits, chunk.size(), 16).ptr;
    text.append(digits, end).append("\r\n").append(chunk).append("\r\n");
  }
  return text + "0\r\n\r\n";
}

}  // namespace tripline::tests
