// The reader's steps, each beside simdjson's DOM parse-only of the same bytes. Bytes are of uncompressed JSON
// throughout. CPU time, as disk and neighbours are not what is measured.

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <libdeflate.h>
#include <simdjson.h>

#include "benchmarks/corpus.h"
#include "connectors/json_splitter.h"
#include "connectors/record_reader.h"
#include "connectors/structure_scan.h"
#include "engine/record.h"

namespace {

using namespace tripline;

/// The records of a corpus in one layout.
struct Layout {
  std::string bytes;  // with engine::kRecordPadding behind `size`
  std::size_t size = 0;
  std::size_t records = 0;
};

const std::vector<std::string>& corpus_records() {
  static const std::vector<std::string> kRecords = [] {
    const benchmarks::Corpus corpus(std::uint64_t{32} << 20);
    std::vector<std::string> records;
    connectors::RecordBatch batch;
    for (const auto& file : corpus.files()) {
      engine::Envelope envelope;
      envelope.path = file.path;
      connectors::RecordReader reader(envelope, {});
      while (reader.next(batch).value()) {
        for (const auto& record : batch.records) records.emplace_back(record.json);
      }
    }
    return records;
  }();
  return kRecords;
}

Layout join(const std::string& before, const std::string& prefix, const std::string& suffix, const std::string& between,
            const std::string& after) {
  Layout layout;
  layout.bytes = before;
  for (const auto& record : corpus_records()) {
    if (layout.records++ > 0) layout.bytes += between;
    layout.bytes += prefix + record + suffix;
  }
  layout.bytes += after;
  layout.size = layout.bytes.size();
  layout.bytes.append(engine::kRecordPadding, ' ');
  return layout;
}

const Layout& log_file() {
  static const Layout kLayout = join("{\"Records\":[", "", "", ",", "]}");
  return kLayout;
}

const Layout& lines() {
  static const Layout kLayout = join("", "", "", "\n", "\n");
  return kLayout;
}

const Layout& event_bridge() {
  static const Layout kLayout =
      join("", R"({"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","detail":)", "}", "\n", "\n");
  return kLayout;
}

std::string gzip(const Layout& layout) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), layout.size), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), layout.bytes.data(), layout.size, out.data(), out.size()));
  return out;
}

void count(benchmark::State& state, const Layout& layout, std::size_t records) {
  if (records != layout.records) state.SkipWithError("records were lost");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(layout.size));
}

void parse_only(benchmark::State& state) {
  const Layout& layout = log_file();
  simdjson::dom::parser parser;
  std::size_t records = 0;
  for (auto _ : state) {
    simdjson::dom::array array;
    const auto error = parser.parse(layout.bytes.data(), layout.size, false)["Records"].get(array);
    records = 0;
    if (error == simdjson::SUCCESS) {
      for (const auto record : array) records += record.is_object() ? 1 : 0;
    }
  }
  count(state, layout, records);
}
BENCHMARK(parse_only);

void marks(benchmark::State& state) {
  const Layout& layout = log_file();
  std::vector<connectors::BlockMarks> marks(64);
  for (auto _ : state) {
    connectors::ScanState scan;
    for (std::size_t at = 0; at + 4096 <= layout.size; at += 4096) {
      connectors::scan_blocks(layout.bytes.data() + at, 64, scan, marks.data());
      benchmark::DoNotOptimize(marks.data());
      benchmark::ClobberMemory();
    }
  }
  count(state, layout, layout.records);
}
BENCHMARK(marks);

void split(benchmark::State& state, const Layout& (*layout)()) {
  std::size_t records = 0;
  for (auto _ : state) {
    connectors::JsonSplitter splitter({});
    splitter.feed({layout().bytes.data(), layout().size}, 0, true);
    records = 0;
    for (connectors::Piece piece; splitter.next(piece);) ++records;
  }
  count(state, layout(), records);
}
BENCHMARK_CAPTURE(split, log_file, log_file);
BENCHMARK_CAPTURE(split, lines, lines);

void read(benchmark::State& state, const Layout& (*layout)(), bool compressed) {
  engine::Envelope envelope;
  envelope.path = "body";
  envelope.body = compressed ? gzip(layout()) : layout().bytes.substr(0, layout().size);
  connectors::RecordBatch batch;
  std::size_t records = 0;
  for (auto _ : state) {
    connectors::RecordReader reader(envelope, {});
    records = 0;
    while (reader.next(batch).value()) records += batch.records.size();
  }
  count(state, layout(), records);
}
BENCHMARK_CAPTURE(read, log_file, log_file, false);
BENCHMARK_CAPTURE(read, lines, lines, false);
BENCHMARK_CAPTURE(read, event_bridge, event_bridge, false);
BENCHMARK_CAPTURE(read, log_file_gzip, log_file, true);

}  // namespace
