// A POST of Data Firehose from the HTTP server to bare records, beside taking off base64 and gzip alone, which nobody
// can do without, as libraries do that: OpenSSL's EVP_DecodeBlock and libdeflate. The server's own share is in
// http_bench. CPU time; bytes are of the body.

#include "connectors/net/ways_in.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <time.h>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <libdeflate.h>
#include <openssl/evp.h>

#include "app/firehose_batch.h"
#include "benchmarks/corpus.h"
#include "connectors/inflate.h"
#include "connectors/json_members.h"
#include "connectors/net/http_server.h"
#include "connectors/record_reader.h"
#include "tests/support/http_client.h"

namespace {

using namespace tripline;
using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using connectors::net::WaysIn;

constexpr std::size_t kBody = std::size_t{1} << 20;
const std::string kKey = "key-for-tests-0001";

/// A body of about 1 MiB, one event a record.
const std::string& body() {
  static const std::string kBodyText = [] {
    app::FirehoseBatch batch({.max_records = 10'000, .max_bytes = kBody});
    const benchmarks::Corpus corpus(std::uint64_t{4} << 20);
    for (const auto& file : corpus.files()) {
      engine::Envelope envelope;
      envelope.path = file.path;
      connectors::RecordReader reader(envelope, {});
      connectors::RecordBatch records;
      while (reader.next(records).value()) {
        for (const auto& record : records.records) {
          if (!batch.add(record.json)) return batch.take("id", 1768471872345);
        }
      }
    }
    return batch.take("id", 1768471872345);
  }();
  return kBodyText;
}

/// Gzip as Firehose sends it.
const std::string& compressed() {
  static const std::string kCompressed = [] {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
    std::string to(libdeflate_gzip_compress_bound(compressor, body().size()), '\0');
    to.resize(libdeflate_gzip_compress(compressor, body().data(), body().size(), to.data(), to.size()));
    libdeflate_free_compressor(compressor);
    return to;
  }();
  return kCompressed;
}

std::string inflated() {
  std::string text(body().size(), '\0');
  if (!connectors::inflate_whole(compressed(), text.data(), text.size())) throw std::runtime_error("no gzip");
  return text;
}

/// Gzip and base64 alone, by libraries; where the records stand is known beforehand.
void decode_alone(benchmark::State& state) {
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  const std::string_view records = connectors::find_member(body(), "records");
  connectors::ElementWalk walk(records);
  for (std::string_view element; walk.next(element);) {
    const std::string_view data = connectors::inner(connectors::find_member(element, "data"));
    spans.emplace_back(static_cast<std::size_t>(data.data() - body().data()), data.size());
  }
  std::string to(body().size(), '\0');
  for (auto _ : state) {
    const std::string text = state.range(0) != 0 ? inflated() : std::string();
    const std::string_view from = state.range(0) != 0 ? text : body();
    for (const auto& [at, size] : spans) {
      benchmark::DoNotOptimize(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(to.data()),
                                               reinterpret_cast<const unsigned char*>(from.data() + at),
                                               static_cast<int>(size)));
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body().size()));
}

/// Ways in whose deliveries are read to bare records, on the thread that brings them, and then acknowledged.
class Receiver {
 public:
  WaysIn& ways() { return ways_; }

  void receive(HttpRequest request, connectors::net::Reply reply) {
    ways_.handle(std::move(request), std::move(reply));
    const auto envelope = intake_.take();
    connectors::RecordReader reader(*envelope, {});
    while (reader.next(batch_).value()) records_ += batch_.records.size();
    intake_.settle(envelope->sequence, {});
  }

  std::size_t records() const { return records_; }

 private:
  static WaysIn::Options options() {
    WaysIn::Options options;
    options.access.firehose_keys = {{kKey, "org-trail"}};
    options.request_ids.max_ids = 0;  // each is new
    return options;
  }

  connectors::Intake intake_{{}};
  WaysIn ways_{options(), intake_, [] { return engine::EventTime{}; }};
  connectors::RecordBatch batch_;
  std::size_t records_ = 0;
};

/// The body by way of WaysIn, the intake and RecordReader, answer included.
void whole_way(benchmark::State& state) {
  Receiver receiver;
  std::size_t accepted = 0;
  for (auto _ : state) {
    HttpRequest request;
    request.head.method = "POST";
    request.head.target = "/firehose";
    request.head.headers = {{"x-amz-firehose-protocol-version", "1.0"},
                            {"x-amz-firehose-request-id", "id"},
                            {"x-amz-firehose-access-key", kKey}};
    if (receiver.ways().admit(request.head).refusal) throw std::runtime_error("refused");
    request.body = state.range(0) != 0 ? inflated() : body();
    receiver.receive(std::move(request), [&](const HttpResponse& answer) { accepted += answer.status == 200 ? 1 : 0; });
  }
  if (accepted != static_cast<std::size_t>(state.iterations()) || receiver.records() == 0) {
    throw std::runtime_error("lost some");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body().size()));
  state.counters["records"] = static_cast<double>(receiver.records()) / static_cast<double>(accepted);
}

double thread_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The same from the socket on, a request a turn on one kept connection. The server's thread tells its CPU time when it
/// has read and decoded one; between two such moments lie the answer to one and all of the next.
void served(benchmark::State& state) {
  const bool gzip = state.range(0) != 0;
  Receiver receiver;
  std::atomic<double> cpu{0};
  auto service = receiver.ways().service();
  service.handle = [&](HttpRequest request, const connectors::net::Reply& reply) {
    receiver.receive(std::move(request), [&](HttpResponse answer) {
      cpu = thread_cpu_seconds();
      reply(std::move(answer));
    });
  };
  connectors::net::HttpServer server({.listeners = {{}}, .threads = 1}, std::move(service));
  if (!server.start()) return state.SkipWithError("no port");
  tests::HttpClient client(server.port());
  const std::string request = tests::post("/firehose", gzip ? compressed() : body(),
                                          std::string(gzip ? "Content-Encoding: gzip\r\n" : "") +
                                              "X-Amz-Firehose-Protocol-Version: 1.0\r\n"
                                              "X-Amz-Firehose-Request-Id: id\r\n"
                                              "X-Amz-Firehose-Access-Key: " +
                                              kKey + "\r\n");
  client.ask(request);
  for (auto _ : state) {
    const double before = cpu;
    const auto answer = client.ask(request);
    if (!answer || answer->status != 200) return state.SkipWithError("no answer");
    state.SetIterationTime(cpu - before);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body().size()));
}

BENCHMARK(decode_alone)->ArgName("gzip")->Arg(0)->Arg(1);
BENCHMARK(whole_way)->ArgName("gzip")->Arg(0)->Arg(1);
BENCHMARK(served)->ArgName("gzip")->Arg(0)->Arg(1)->UseManualTime();

}  // namespace
