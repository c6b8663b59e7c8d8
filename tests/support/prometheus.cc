#include "tests/support/prometheus.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/http_client.h"

namespace tripline::tests {

namespace {

std::string query_of(const std::string& promql) {
  std::string encoded = "query=";
  for (const char c : promql) {
    char text[4];
    std::snprintf(text, sizeof text, "%%%02X", static_cast<unsigned char>(c));
    encoded += text;
  }
  return "POST /api/v1/query HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
         std::to_string(encoded.size()) + "\r\n\r\n" + encoded;
}

}  // namespace

std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

bool Prometheus::installed() { return std::system("prometheus --version > /dev/null 2>&1") == 0; }

Prometheus::Prometheus(const TemporaryFolder& folder, std::uint16_t target) {
  const std::string config = folder.write(
      "prometheus.yml", "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [\"" +
                            (repository() / "deploy/prometheus/tripline.rules.yml").string() +
                            "\"]\nscrape_configs: [{job_name: tripline, static_configs: [{targets: [\"127.0.0.1:" +
                            std::to_string(target) + "\"]}]}]\n");
  const std::string data = "--storage.tsdb.path=" + (folder.path() / "tsdb").string();
  const std::string file = "--config.file=" + config;
  const std::string listen = "--web.listen-address=127.0.0.1:" + std::to_string(port_);
  child_ = ::fork();
  if (child_ == 0) {
    std::freopen("/dev/null", "w", stdout);
    std::freopen("/dev/null", "w", stderr);
    ::execlp("prometheus", "prometheus", file.c_str(), data.c_str(), listen.c_str(), nullptr);
    ::_exit(127);
  }
}

Prometheus::~Prometheus() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

std::string Prometheus::query(const std::string& promql) const {
  return ask_until(query_of(promql), [](const std::string& said) { return said.find("\"value\"") != said.npos; });
}

std::string Prometheus::answer(const std::string& promql) const {
  return ask_until(query_of(promql), [](const std::string&) { return true; });
}

std::string Prometheus::rules() const {
  return ask_until("GET /api/v1/rules HTTP/1.0\r\n\r\n", [](const std::string& said) {
    return said.find("\"health\":") != said.npos && said.find("\"health\":\"unknown\"") == said.npos;
  });
}

/// Requests of HTTP/1.0, whose answers end with the connection and are in one piece.
std::string Prometheus::ask_until(const std::string& request,
                                  const std::function<bool(const std::string&)>& enough) const {
  std::string said;
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (std::chrono::steady_clock::now() < end) {
    try {
      HttpClient client(port_);
      client.send(request);
      const std::string answer = client.rest();
      const std::size_t head = answer.find("\r\n\r\n");
      said = head == answer.npos ? "" : answer.substr(head + 4);
      if (enough(said)) return said;
    } catch (const std::exception&) {  // it does not listen yet
    }
    std::this_thread::yield();
  }
  return said;
}

}  // namespace tripline::tests
