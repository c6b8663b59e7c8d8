#include "tests/support/scripted_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "engine/text.h"

namespace tripline::tests {

using connectors::net::HttpRequest;

class ScriptedServer::Connection {
 public:
  Connection(ScriptedServer& server, int socket) : server_(server), socket_(socket), thread_([this] { serve(); }) {}
  ~Connection() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }

 private:
  void serve() {
    if (server_.tls_) {
      ssl_.reset(SSL_new(static_cast<SSL_CTX*>(server_.tls_.get())), &SSL_free);
      SSL_set_fd(ssl_.get(), socket_);
      if (SSL_accept(ssl_.get()) != 1) {
        shutdown(socket_, SHUT_RDWR);
        return;
      }
    }
    HttpRequest request;
    while (read_request(request)) {
      if (!send_answer(server_.answer_to(request))) break;
      request = {};
    }
    shutdown(socket_, SHUT_RDWR);
  }

  bool read_more() {
    char bytes[4096];
    const auto got =
        ssl_ ? SSL_read(ssl_.get(), bytes, sizeof bytes) : static_cast<int>(recv(socket_, bytes, sizeof bytes, 0));
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  bool read_request(HttpRequest& request) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return false;
    }
    std::size_t at = buffer_.find("\r\n");
    const std::string line = buffer_.substr(0, at);
    const auto blank = line.find(' ');
    request.head.method = line.substr(0, blank);
    request.head.target = line.substr(blank + 1, line.rfind(' ') - blank - 1);
    request.head.tls = ssl_ != nullptr;
    while (at < end) {
      const std::size_t begin = at + 2;
      at = buffer_.find("\r\n", begin);
      const auto colon = buffer_.find(':', begin);
      auto value = buffer_.substr(colon + 1, at - colon - 1);
      value.erase(0, std::min(value.find_first_not_of(' '), value.size()));
      request.head.headers.emplace_back(engine::fold(buffer_.substr(begin, colon - begin)), value);
    }
    buffer_.erase(0, end + 4);
    const std::string* length = request.head.find("content-length");
    const std::size_t size = length == nullptr ? 0 : std::strtoul(length->c_str(), nullptr, 10);
    while (buffer_.size() < size) {
      if (!read_more()) return false;
    }
    request.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return true;
  }

  bool write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto put = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : static_cast<int>(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }

  /// Whether the client has gone, or sends something, within that time (-1: any).
  bool hears_of_client(int milliseconds) {
    pollfd watched{socket_, POLLIN | POLLRDHUP, 0};
    return poll(&watched, 1, milliseconds) != 0;
  }

  bool send_answer(const ScriptedAnswer& answer) {
    if (answer.end == ScriptedAnswer::End::kSilent) {
      hears_of_client(-1);
      return false;
    }
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
    for (const auto& [name, value] : answer.headers) head.append(name).append(": ").append(value).append("\r\n");
    head += "content-length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
    if (answer.end == ScriptedAnswer::End::kWhole) return write_all(head + answer.body);
    if (!write_all(head)) return false;
    if (answer.end == ScriptedAnswer::End::kReset) {
      write_all(std::string_view(answer.body).substr(0, answer.body.size() / 2));
      sockaddr nobody{};
      nobody.sa_family = AF_UNSPEC;
      connect(socket_, &nobody, sizeof nobody);  // Linux sends a reset
      return false;
    }
    for (const char byte : answer.body) {
      if (!write_all({&byte, 1}) || hears_of_client(5)) return false;
    }
    return true;
  }

  ScriptedServer& server_;
  int socket_;
  std::shared_ptr<SSL> ssl_;
  std::string buffer_;
  std::thread thread_;
};

namespace {

std::shared_ptr<void> tls_context(const ScriptedServer::Tls& tls) {
  if (tls.cert_file.empty()) return nullptr;
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  const bool loaded = SSL_CTX_use_certificate_chain_file(context.get(), tls.cert_file.c_str()) == 1 &&
                      SSL_CTX_use_PrivateKey_file(context.get(), tls.key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  if (!loaded) throw std::runtime_error("the test's certificate cannot be loaded");
  if (!tls.client_ca_file.empty()) {
    SSL_CTX_load_verify_file(context.get(), tls.client_ca_file.c_str());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

ScriptedServer::Handler one_after_the_other(std::vector<ScriptedAnswer> answers) {
  auto next = std::make_shared<std::size_t>(0);
  return [answers = std::move(answers), next](const HttpRequest&) {
    const std::size_t at = std::min(*next, answers.size() - 1);
    ++*next;
    return answers[at];
  };
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<ScriptedAnswer> answers, const Tls& tls)
    : ScriptedServer(one_after_the_other(std::move(answers)), tls) {}

ScriptedServer::ScriptedServer(Handler handler, const Tls& tls) : handler_(std::move(handler)), tls_(tls_context(tls)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to connections that the client has closed
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening_, plain, size) != 0 || listen(listening_, 64) != 0 || getsockname(listening_, plain, &size) != 0) {
    throw std::runtime_error("the test's server cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  shutdown(listening_, SHUT_RDWR);
  thread_.join();
  connections_.clear();
  close(listening_);
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (socket < 0 || stopping_) {
      if (socket >= 0) close(socket);
      return;
    }
    connections_.push_back(std::make_unique<Connection>(*this, socket));
  }
}

ScriptedAnswer ScriptedServer::answer_to(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  return handler_(request);
}

std::string ScriptedServer::url() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

std::vector<HttpRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

}  // namespace tripline::tests
