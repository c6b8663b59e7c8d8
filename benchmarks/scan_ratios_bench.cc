// The whole scan beside simdjson's DOM parse-only of the same bytes, in one process, in turns; medians of the rounds.
// One thread's rows are measured by the CPU time of the process, as other work on the machine counts less there; rows
// of more threads by the wall clock.
//
//   TRIPLINE_CORPUS=FOLDER scan_ratios_bench [ROUNDS [NAME]]      NAME: parse-only and the rows whose name holds it
//
// parse-only: each file's bytes, already in memory, parsed as one document (each line as one for NDJSON). load + parse:
// the same from the files, as a scan has to. scan: the files opened, read, split, parsed record by record, matched,
// folded and committed to the in-memory store.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <simdjson.h>

#include "app/pipeline.h"
#include "benchmarks/corpus.h"
#include "connectors/file_source.h"
#include "connectors/record_reader.h"
#include "engine/event.h"
#include "engine/memory_store.h"
#include "rules/loader.h"

namespace {

using namespace tripline;
using Rules = std::shared_ptr<const engine::RuleSet>;

/// Sums over what was read, so that nothing is optimised away and each row can be checked.
struct Work {
  std::uint64_t events = 0;
  std::uint64_t matches = 0;
};

struct Row {
  std::string name;
  std::function<Work()> run;
  bool threads = false;
  std::vector<double> seconds;
  Work work;

  double median() const {
    std::vector<double> sorted = seconds;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

/// Seconds, of the wall's clock or of the process' CPU time.
double now(bool wall) {
  timespec time{};
  clock_gettime(wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Adds the events of one file's bytes, behind which there is padding.
void parse(std::string_view text, Work& work) {
  static simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size(), false).get(root) == simdjson::SUCCESS) {
    simdjson::dom::array records;
    work.events += root["Records"].get(records) == simdjson::SUCCESS ? records.size() : 1;
    return;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin && parser.parse(text.data() + begin, end - begin, false).get(root) == simdjson::SUCCESS) {
      ++work.events;
    }
    begin = end + 1;
  }
}

Work parse_only(const benchmarks::Corpus& corpus) {
  Work work;
  for (const auto& file : corpus.files()) parse(std::string_view(file.bytes).substr(0, file.size), work);
  return work;
}

Work load_and_parse(const benchmarks::Corpus& corpus) {
  static std::string buffer;
  Work work;
  for (const auto& file : corpus.files()) {
    if (buffer.size() < file.bytes.size()) buffer.resize(file.bytes.size());
    const int descriptor = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
    std::size_t size = 0;
    ssize_t got = 0;
    while ((got = ::read(descriptor, buffer.data() + size, file.bytes.size() - size)) > 0) {
      size += static_cast<std::size_t>(got);
    }
    ::close(descriptor);
    parse(std::string_view(buffer).substr(0, size), work);
  }
  return work;
}

Work split_only(const benchmarks::Corpus& corpus) {
  auto source = connectors::FileSource::open(corpus.paths());
  if (!source) throw std::runtime_error(source.error().message);
  Work work;
  connectors::RecordBatch batch;
  while (const auto envelope = (*source)->next().value()) {
    connectors::RecordReader reader(*envelope, {});
    while (reader.next(batch).value()) work.events += batch.records.size();
  }
  return work;
}

Work split_and_parse(const benchmarks::Corpus& corpus, const Rules& rules) {
  auto source = connectors::FileSource::open(corpus.paths());
  if (!source) throw std::runtime_error(source.error().message);
  Work work;
  engine::Event event(rules->fields);
  connectors::RecordBatch batch;
  while (const auto envelope = (*source)->next().value()) {
    connectors::RecordReader reader(*envelope, {});
    while (reader.next(batch).value()) {
      for (const auto& record : batch.records) work.events += event.read(record) ? 1 : 0;
    }
  }
  return work;
}

Work scan(const benchmarks::Corpus& corpus, const Rules& rules, unsigned threads) {
  const auto source = connectors::FileSource::open(corpus.paths());
  if (!source) throw std::runtime_error(source.error().message);
  engine::MemoryStore store;
  engine::State state(store, rules);
  app::ReadOptions options;
  options.threads = threads;
  const auto totals = app::run_pipeline(**source, rules, state, options, {}, {});
  if (!totals) throw std::runtime_error(totals.error().message);
  return {totals->input.records, totals->matches};
}

/// Rules that each name one eventName that no log has, and one of the common fields beside it.
Rules synthetic(std::size_t count) {
  auto rules = std::make_shared<engine::RuleSet>();
  const auto name = rules->fields.intern("eventName");
  const auto source = rules->fields.intern("eventSource");
  const auto equals = [&](engine::FieldId field, std::string text) {
    engine::TextTest test;
    test.any.emplace_back(std::vector{engine::Pattern::Part{engine::Pattern::Part::Kind::kText, std::move(text)}},
                          false);
    return engine::Expression::of(rules->predicates.intern({field, std::move(test)}));
  };
  for (std::size_t i = 0; i < count; ++i) {
    engine::Detection detection;
    detection.rule.id = detection.rule.title = "synthetic-" + std::to_string(i);
    std::vector<engine::Expression> both;
    both.push_back(equals(source, "service" + std::to_string(i % 50) + ".amazonaws.com"));
    both.push_back(equals(name, "SyntheticCall" + std::to_string(i)));
    detection.condition = engine::Expression::all(std::move(both));
    rules->detections.push_back(std::move(detection));
  }
  return rules;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 && std::atoi(argv[1]) > 0 ? std::atoi(argv[1]) : 7;
  const benchmarks::Corpus corpus;
  std::printf("corpus: %s, %zu files, %.1f MB uncompressed; %d rounds\n", corpus.from().c_str(), corpus.files().size(),
              static_cast<double>(corpus.bytes()) / 1e6, rounds);

  std::vector<Row> rows;
  const auto add = [&rows](std::string name, std::function<Work()> run, bool threads = false) {
    rows.push_back({std::move(name), std::move(run), threads, {}, {}});
  };
  add("simdjson DOM parse-only", [&] { return parse_only(corpus); });
  add("load files + DOM parse", [&] { return load_and_parse(corpus); });
  add("read and split records", [&] { return split_only(corpus); });
  Rules sigma;
  if (const std::string folder = benchmarks::sigma_aws_rules(); !folder.empty()) {
    const auto loaded = rules::load_rules({folder}, {});
    if (!loaded) throw std::runtime_error(loaded.error().message);
    sigma = loaded->rules;
    add("read, split, parse records", [&] { return split_and_parse(corpus, sigma); });
    add("scan, SigmaHQ AWS rules (" + std::to_string(sigma->detections.size()) + ")",
        [&] { return scan(corpus, sigma, 1); });
    add(
        "scan, SigmaHQ AWS rules, 2 threads", [&] { return scan(corpus, sigma, 2); }, true);
  } else {
    std::printf("SigmaHQ's AWS rules are not there (TRIPLINE_SHARED): their rows are left out\n");
  }
  for (const std::size_t count : {60u, 6000u}) {
    add("scan, " + std::to_string(count) + " synthetic rules",
        [&corpus, rules = synthetic(count)] { return scan(corpus, rules, 1); });
  }

  if (argc > 2) {
    std::erase_if(rows, [&](const Row& row) { return &row > &rows[1] && row.name.find(argv[2]) == std::string::npos; });
  }

  for (int round = -1; round < rounds; ++round) {  // the first one warms up
    for (Row& row : rows) {
      const double begin = now(row.threads);
      row.work = row.run();
      const double took = now(row.threads) - begin;
      if (round >= 0) row.seconds.push_back(took);
    }
  }
  std::printf("%-36s %8s %10s %10s %10s %10s\n", "", "MB/s", "x parse", "x load", "events", "matches");
  for (const Row& row : rows) {
    std::printf("%-36s %8.0f %10.2f %10.2f %10llu %10llu\n", row.name.c_str(),
                static_cast<double>(corpus.bytes()) / 1e6 / row.median(), rows[0].median() / row.median(),
                rows[1].median() / row.median(), static_cast<unsigned long long>(row.work.events),
                static_cast<unsigned long long>(row.work.matches));
  }
  return 0;
}
