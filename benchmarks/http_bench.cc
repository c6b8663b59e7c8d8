// What the HTTP server takes for a POST of 1 MiB, beside inflating the same body alone. CPU time of the server's one
// thread, kernel's work for the socket included; the client runs on another and is not counted.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <pthread.h>
#include <string>
#include <time.h>
#include <utility>

#include <benchmark/benchmark.h>
#include <libdeflate.h>
#include <openssl/evp.h>

#include "benchmarks/corpus.h"
#include "connectors/inflate.h"
#include "connectors/net/http_request_reader.h"
#include "connectors/net/http_server.h"
#include "engine/base64.h"
#include "tests/support/certificates.h"
#include "tests/support/http_client.h"
#include "tests/support/places.h"

namespace {

using namespace tripline;
namespace net = connectors::net;

constexpr std::size_t kBodyBytes = std::size_t{1} << 20;

/// A Firehose delivery of 1 MiB, whose records are stretches of logs in base64.
const std::string& body() {
  static const std::string kBody = [] {
    const benchmarks::Corpus corpus(std::uint64_t{4} << 20);
    std::string text = R"({"requestId":"7f0b6c1e","timestamp":1768471872345,"records":[)";
    for (const auto& file : corpus.files()) {
      for (std::size_t at = 0; at < file.size && text.size() < kBodyBytes; at += 1500) {
        const std::size_t size = std::min<std::size_t>(1500, file.size - at);
        std::string encoded(size / 3 * 4 + 5, '\0');
        const int length =
            EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                            reinterpret_cast<const unsigned char*>(file.bytes.data() + at), static_cast<int>(size));
        encoded.resize(static_cast<std::size_t>(length));
        text += R"({"data":")" + encoded + "\"},";
      }
    }
    text.back() = ']';
    return text + "}";
  }();
  return kBody;
}

const std::string& gzip_body() {
  static const std::string kGzip = [] {
    libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
    std::string to(body().size() + 1000, '\0');
    to.resize(libdeflate_gzip_compress(compressor, body().data(), body().size(), to.data(), to.size()));
    libdeflate_free_compressor(compressor);
    return to;
  }();
  return kGzip;
}

void inflate_alone(benchmark::State& state) {
  std::string to(body().size(), '\0');
  for (auto _ : state) benchmark::DoNotOptimize(connectors::inflate_whole(gzip_body(), to.data(), to.size()));
  state.counters["gzip_bytes"] = static_cast<double>(gzip_body().size());
}

void base64_alone(benchmark::State& state) {
  std::string to(engine::base64_room(body().size()), '\0');
  const std::string text(body().size() / 4 * 4, 'Q');
  for (auto _ : state) benchmark::DoNotOptimize(engine::base64_decode(text, to.data()));
}

/// The bytes as they come off a socket, without one.
void reader_alone(benchmark::State& state) {
  const bool gzip = state.range(0) != 0;
  const std::string request =
      tests::post("/", gzip ? gzip_body() : body(), gzip ? "Content-Encoding: gzip\r\n" : std::string_view());
  const net::HttpLimits limits;
  for (auto _ : state) {
    net::HttpRequestReader reader(limits, "127.0.0.1", false);
    for (std::size_t at = 0; at < request.size();) {
      if (reader.state() == net::HttpRequestReader::State::kAdmission) {
        reader.admit({.max_body_bytes = 2 * kBodyBytes, .max_inflated_bytes = 2 * kBodyBytes});
      }
      at += reader.feed(std::string_view(request).substr(at, std::size_t{128} << 10));
    }
    benchmark::DoNotOptimize(reader.take());
  }
}

double thread_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A request a turn on one kept connection; the server's thread tells its CPU time whenever it has read one, and what
/// lies between two such moments is the answer to one and the reading of the next.
void server_post(benchmark::State& state) {
  const bool gzip = state.range(0) != 0;
  const bool tls = state.range(1) != 0;
  std::atomic<double> cpu{0};
  net::HttpServer::Options options{.listeners = {{}}, .threads = 1};
  const tests::TemporaryFolder folder;
  if (tls) {
    const auto certificate = tests::make_certificate("bench");
    options.listeners[0].tls = net::TlsFiles{.certificate = folder.write("a.pem", certificate.certificate),
                                             .key = folder.write("a.key", certificate.key)};
  }
  const net::HttpService service{.admit =
                                     [](const net::HttpHead&) {
                                       return net::Admission{.max_body_bytes = 2 * kBodyBytes,
                                                             .max_inflated_bytes = 2 * kBodyBytes};
                                     },
                                 .handle =
                                     [&cpu](net::HttpRequest request, const net::Reply& reply) {
                                       cpu = thread_cpu_seconds();
                                       reply({.status = request.body.size() == body().size() ? 200 : 500});
                                     }};
  net::HttpServer server(std::move(options), service);
  if (!server.start()) return state.SkipWithError("no port");
  const auto client = tls ? std::make_unique<tests::HttpClient>(server.port(), tests::HttpClient::Tls{})
                          : std::make_unique<tests::HttpClient>(server.port());
  const std::string request =
      tests::post("/", gzip ? gzip_body() : body(), gzip ? "Content-Encoding: gzip\r\n" : std::string_view());
  client->ask(request);
  for (auto _ : state) {
    const double before = cpu;
    const auto answer = client->ask(request);
    if (!answer || answer->status != 200) return state.SkipWithError("no answer");
    state.SetIterationTime(cpu - before);
  }
}

BENCHMARK(inflate_alone)->Unit(benchmark::kMicrosecond);
BENCHMARK(base64_alone)->Unit(benchmark::kMicrosecond);
BENCHMARK(reader_alone)->ArgName("gzip")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(server_post)
    ->ArgNames({"gzip", "tls"})
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
