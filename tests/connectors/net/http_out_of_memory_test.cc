// What becomes of a server when there is no memory for a connection: each allocation on its way fails once.

#include <chrono>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "connectors/net/http_server.h"
#include "tests/support/certificates.h"
#include "tests/support/failing_new.h"
#include "tests/support/http_client.h"
#include "tests/support/http_service.h"
#include "tests/support/places.h"

namespace tripline::connectors::net {
namespace {

using tests::HttpClient;

/// Boost.Asio 1.81 takes apart strands that it has half made, and does not survive it; what it takes for them is small.
constexpr std::size_t kSpared = 40;

/// What is asked, over a connection of its own; whether it was answered.
bool ask(std::uint16_t port, bool tls) {
  try {
    HttpClient client = tls ? HttpClient(port, HttpClient::Tls{}) : HttpClient(port);
    const auto answer = client.ask(tests::post("/a", "body"));
    return answer && answer->status == 200;
  } catch (const std::runtime_error&) {  // the handshake failed
    return false;
  }
}

class HttpOutOfMemory : public testing::TestWithParam<bool> {
 protected:
  // The client's OpenSSL writes to connections that the server has given up.
  HttpOutOfMemory() { std::signal(SIGPIPE, SIG_IGN); }
  ~HttpOutOfMemory() override { std::signal(SIGPIPE, SIG_DFL); }
};

TEST_P(HttpOutOfMemory, CostsTheConnectionThatItHappensTo) {
  const bool tls = GetParam();
  const tests::TemporaryFolder folder;
  HttpServer::Options options{.listeners = {{}}, .threads = 1};
  if (tls) {
    const auto certificate = tests::make_certificate("out-of-memory");
    options.listeners[0].tls = TlsFiles{.certificate = folder.write("a.pem", certificate.certificate),
                                        .key = folder.write("a.key", certificate.key)};
  }
  tests::EchoService echo;
  HttpServer server(std::move(options), echo.service());
  ASSERT_TRUE(server.start());
  std::uint64_t nth = 0, unanswered = 0;
  for (bool failed = true; failed;) {
    {
      const tests::FailingNew failing(++nth, kSpared);
      unanswered += ask(server.port(), tls) ? 0 : 1;
      failed = failing.failed();
    }
    ASSERT_TRUE(ask(server.port(), tls)) << "behind allocation " << nth << " that failed";
  }
  EXPECT_GT(nth, 5u);
  EXPECT_GT(unanswered, 2u) << "nothing failed";
  EXPECT_GT(server.counters().of(HttpEnd::kAcceptFailed), 0u);
  EXPECT_EQ(server.stop(std::chrono::seconds{5}), 0u) << "connections that never left";
  EXPECT_EQ(server.counters().open_connections, 0u);
}

INSTANTIATE_TEST_SUITE_P(Listeners, HttpOutOfMemory, testing::Bool(),
                         [](const auto& row) { return row.param ? "Tls" : "Plain"; });

}  // namespace
}  // namespace tripline::connectors::net
