// What matching costs beside parsing, and that it does not grow with the number of rules. The rules are built directly
// over engine types; each names one eventName of its own.

#include "engine/matcher.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/event.h"
#include "engine/literal_finder.h"
#include "engine/pattern.h"
#include "engine/text.h"

namespace {
std::atomic<std::uint64_t> allocations{0};
}  // namespace

// Not inlined, or GCC takes the two halves for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tripline::engine {
namespace {

Pattern pattern(std::vector<Pattern::Part> parts) { return Pattern(std::move(parts), false); }
Pattern::Part text(std::string text) { return {Pattern::Part::Kind::kText, std::move(text)}; }
Pattern::Part many() { return {Pattern::Part::Kind::kMany, ""}; }

std::string event_name(std::size_t i) {
  constexpr const char* kVerbs[] = {"Create", "Delete", "Describe", "List", "Put", "Update"};
  return std::string(kVerbs[i % 6]) + "Resource" + std::to_string(i);
}

/// Records of some 1,200 bytes; one in ten names an eventName that a rule has.
std::vector<std::string> records() {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 500; ++i) {
    const std::string name = i % 10 == 0 ? event_name(i % 60) : "GetObject" + std::to_string(i % 37);
    const std::string account = "12345678901" + std::to_string(i % 10);
    out.push_back(
        R"({"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE0000000000:worker-)" +
        std::to_string(i) + R"(","arn":"arn:aws:sts::)" + account + R"(:assumed-role/worker/worker-)" +
        std::to_string(i) + R"(","accountId":")" + account +
        R"(","accessKeyId":"ASIAEXAMPLE000000000","sessionContext":{"sessionIssuer":{"type":"Role","principalId":)"
        R"("AROAEXAMPLE0000000000","arn":"arn:aws:iam::)" +
        account + R"(:role/worker","accountId":")" + account +
        R"(","userName":"worker"},"attributes":{"creationDate":"2026-01-15T09:00:00Z","mfaAuthenticated":"false"}}},)"
        R"("eventTime":"2026-01-15T10:11:12Z","eventSource":"s3.amazonaws.com","eventName":")" +
        name +
        R"(","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.17","userAgent":"aws-sdk-go-v2/1.24.0 os/linux )"
        R"(lang/go#1.21.5 md/GOARCH#amd64 api/s3#1.47.8","requestParameters":{"bucketName":"example-bucket","key":)"
        R"("data/2026/01/15/part-00017.parquet","Host":"example-bucket.s3.eu-west-1.amazonaws.com"},)"
        R"("responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":)"
        R"("TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"bytesTransferredOut":88231},"requestID":"0A1B2C3D4E5F6071",)"
        R"("eventID":"11111111-2222-4333-8444-)" +
        std::to_string(100000000000 + i) +
        R"(","readOnly":true,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":")" + account +
        R"(","eventCategory":"Data"})" + std::string(kRecordPadding, ' '));
  }
  return out;
}

Record record_of(const std::string& padded) {
  return {.json = std::string_view(padded).substr(0, padded.size() - kRecordPadding)};
}

std::shared_ptr<const RuleSet> rules_by_name(std::size_t count) {
  auto rules = std::make_shared<RuleSet>();
  for (std::size_t i = 0; i < count; ++i) {
    Detection detection;
    const FieldId name = rules->fields.intern("eventName"), source = rules->fields.intern("eventSource");
    detection.condition = Expression::all(
        {Expression::of(rules->predicates.intern({source, TextTest{{pattern({text("s3.amazonaws.com")})}}})),
         Expression::of(rules->predicates.intern({name, TextTest{{pattern({text(event_name(i))})}}}))});
    rules->detections.push_back(std::move(detection));
  }
  return rules;
}

/// Rules that hold a text inside a field, as most rules of other products do.
std::shared_ptr<const RuleSet> rules_by_text(std::size_t count) {
  auto rules = std::make_shared<RuleSet>();
  constexpr const char* kPaths[] = {"userAgent", "requestParameters.key", "userIdentity.arn"};
  for (std::size_t i = 0; i < count; ++i) {
    Detection detection;
    const FieldId field = rules->fields.intern(kPaths[i % 3]);
    const Pattern inside = pattern({many(), text(event_name(i)), many()});
    detection.condition = Expression::of(rules->predicates.intern({field, TextTest{{inside}}}));
    rules->detections.push_back(std::move(detection));
  }
  return rules;
}

std::int64_t bytes_of(const std::vector<std::string>& inputs) {
  std::int64_t bytes = 0;
  for (const auto& input : inputs) bytes += static_cast<std::int64_t>(record_of(input).json.size());
  return bytes;
}

void report(benchmark::State& state, const std::vector<std::string>& inputs) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * bytes_of(inputs));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * inputs.size()));
}

void BM_ParseOnly(benchmark::State& state) {
  const auto inputs = records();
  simdjson::dom::parser parser;
  for (auto _ : state) {
    for (const auto& input : inputs) {
      const auto json = record_of(input).json;
      benchmark::DoNotOptimize(parser.parse(json.data(), json.size(), false).error());
    }
  }
  report(state, inputs);
}
BENCHMARK(BM_ParseOnly);

void read_and_match(benchmark::State& state, const std::shared_ptr<const RuleSet>& rules) {
  const auto inputs = records();
  Event event(rules->fields);
  Matcher matcher(rules);
  std::size_t matches = 0;
  const auto all = [&](bool match) {
    for (const auto& input : inputs) {
      const Record record = record_of(input);
      if (!event.read(record)) std::abort();
      if (match) matches += matcher.match(event).size();
    }
  };
  all(true);
  // Before the clock starts: what match() allocates beside what read() does.
  std::uint64_t before = allocations;
  all(false);
  const std::uint64_t to_read = allocations - before;
  before = allocations;
  all(true);
  const std::uint64_t to_match = allocations - before - to_read;
  matches = 0;
  for (auto _ : state) all(true);
  report(state, inputs);
  const auto events = static_cast<double>(state.iterations() * inputs.size());
  state.counters["matches/event"] = static_cast<double>(matches) / events;
  state.counters["allocations/event"] = static_cast<double>(to_match) / static_cast<double>(inputs.size());
}

void BM_ReadAlone(benchmark::State& state) {
  const auto inputs = records();
  const auto rules = rules_by_name(60);
  Event event(rules->fields);
  for (auto _ : state) {
    for (const auto& input : inputs) {
      const Record record = record_of(input);
      if (!event.read(record)) std::abort();
    }
  }
  report(state, inputs);
}
BENCHMARK(BM_ReadAlone);

void BM_ReadAndMatch_RulesByName(benchmark::State& state) {
  read_and_match(state, rules_by_name(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(BM_ReadAndMatch_RulesByName)->Arg(60)->Arg(600)->Arg(6000);

void BM_ReadAndMatch_RulesByText(benchmark::State& state) {
  read_and_match(state, rules_by_text(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(BM_ReadAndMatch_RulesByText)->Arg(60)->Arg(600)->Arg(6000);

/// An event that is read once: the matcher alone, without taking fields out of the record.
void BM_MatchAlone_RulesByName(benchmark::State& state) {
  const auto rules = rules_by_name(static_cast<std::size_t>(state.range(0)));
  const auto inputs = records();
  Event event(rules->fields);
  Matcher matcher(rules);
  const Record record = record_of(inputs[0]);
  if (!event.read(record)) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(matcher.match(event).data());
}
BENCHMARK(BM_MatchAlone_RulesByName)->Arg(60)->Arg(600)->Arg(6000);

/// What stands beside it: every rule on every event.
void BM_FullScan_RulesByName(benchmark::State& state) {
  const auto rules = rules_by_name(static_cast<std::size_t>(state.range(0)));
  const auto inputs = records();
  Event event(rules->fields);
  const Record record = record_of(inputs[0]);
  if (!event.read(record)) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(full_scan(*rules, event).data());
}
BENCHMARK(BM_FullScan_RulesByName)->Arg(60)->Arg(600)->Arg(6000);

void BM_BuildMatcher(benchmark::State& state) {
  const auto rules = rules_by_name(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Matcher(rules).unindexed());
}
BENCHMARK(BM_BuildMatcher)->Arg(60)->Arg(6000)->Unit(benchmark::kMicrosecond);

std::string long_text(std::size_t size) {
  std::string out;
  while (out.size() < size) out += "arn:aws:iam::123456789012:Role/Some-Application ";
  out.resize(size);
  return out;
}

void BM_ContainsFolded(benchmark::State& state) {
  const std::string haystack = long_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(contains_folded(haystack, "administrator"));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(BM_ContainsFolded)->Arg(16)->Arg(100)->Arg(65536);

void BM_EqualsFolded(benchmark::State& state) {
  const std::string wanted = fold(long_text(static_cast<std::size_t>(state.range(0))));
  const std::string value = long_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(equals_folded(value, wanted));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(BM_EqualsFolded)->Arg(12)->Arg(100)->Arg(65536);

void BM_HashFolded(benchmark::State& state) {
  const std::string value = long_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(hash_folded(value));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(BM_HashFolded)->Arg(12)->Arg(100)->Arg(65536);

void BM_Glob(benchmark::State& state) {
  const Pattern glob = pattern({text("arn:"), many(), text(":role/"), many(), text("administrator"), many()});
  const std::string value = long_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(glob.matches(value));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(BM_Glob)->Arg(100)->Arg(65536);

/// Letters as a fixed series of chance has them.
std::string word(std::uint64_t seed) {
  std::string out;
  for (std::size_t size = 6 + seed % 9; out.size() < size;
       seed = seed * 6364136223846793005ULL + 1442695040888963407ULL) {
    out += static_cast<char>('a' + (seed >> 33) % 26);
  }
  return out;
}

/// Many literals in one pass over 64 KiB.
void BM_LiteralFinder(benchmark::State& state) {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i) literals.push_back(word(i * 977 + 1));
  const LiteralFinder finder(literals);
  const std::string value = long_text(65536);
  for (auto _ : state) {
    finder.find(value, [](std::uint32_t literal) { benchmark::DoNotOptimize(literal); });
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * 65536);
}
BENCHMARK(BM_LiteralFinder)->Arg(60)->Arg(600)->Arg(6000);

}  // namespace
}  // namespace tripline::engine
