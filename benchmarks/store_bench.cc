// What the durable store costs: commits beside bare writes of the same bytes to a file in the same folder, in turns;
// then a checkpoint with commits between its steps, and the start after it.
//
//   store_bench [ROUNDS [ROWS]]      in $TMPDIR, else /tmp; ROWS: of state
//
// append: write() at the end of a file, fdatasync(). overwrite: the same over a part of the file that is there, so that
// the file system has nothing to note down. Bytes are what the kernel says that this process caused to be written
// (/proc/self/io, write_bytes); it counts whole pages.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include "engine/store/database.h"

namespace {

using namespace tripline::engine;
using namespace tripline::engine::store;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double bytes_written() {
  std::ifstream io("/proc/self/io");
  for (std::string name; io >> name;) {
    double value = 0;
    io >> value;
    if (name == "write_bytes:") return value;
  }
  throw std::runtime_error("cannot read /proc/self/io");
}

struct Row {
  std::string name;
  std::function<void()> run;
  std::vector<double> times{};  // ms
  std::vector<double> bytes{};

  void measure() {
    const double before = bytes_written();
    const auto begin = Clock::now();
    run();
    times.push_back(milliseconds_since(begin));
    bytes.push_back(bytes_written() - before);
  }
};

double quantile(std::vector<double> values, double of) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(of * static_cast<double>(values.size() - 1))];
}

/// Writes to the same place again and again, or on and on.
class BareFile {
 public:
  explicit BareFile(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CREAT, 0600)) {}
  ~BareFile() { ::close(file_); }

  void write(const std::string& bytes, bool append) {
    const auto size = static_cast<ssize_t>(bytes.size());
    if (::pwrite(file_, bytes.data(), bytes.size(), append ? end_ : 0) != size || ::fdatasync(file_) != 0) {
      throw std::runtime_error("a bare write failed");
    }
    if (append) end_ += size;
  }

 private:
  int file_;
  off_t end_ = 0;
};

CommitRows journal_alone(const std::string& blob) {
  CommitRows rows;
  rows.journal = blob;
  return rows;
}

void measure_commits(const std::string& folder, int rounds) {
  Database database = Database::open(folder + "/commits.db").value();
  BareFile appended(folder + "/appended"), over1(folder + "/over1"), over100(folder + "/over100");
  const std::string one(400, '\1'), hundred(40'000, '\1');
  const CommitRows commit1 = journal_alone(one), commit100 = journal_alone(hundred);
  Row rows[] = {
      {"400 B: append, fdatasync", [&] { appended.write(one, true); }},
      {"400 B: overwrite, fdatasync", [&] { over1.write(one, false); }},
      {"400 B: commit, batch 1", [&] { database.commit(commit1).value(); }},
      {"40 kB: append, fdatasync", [&] { appended.write(hundred, true); }},
      {"40 kB: overwrite, fdatasync", [&] { over100.write(hundred, false); }},
      {"40 kB: commit, batch 100", [&] { database.commit(commit100).value(); }},
  };
  for (int round = 0; round < rounds; ++round) {
    for (Row& row : rows) row.measure();
  }
  std::printf("%d rounds\n%-30s %9s %9s %9s %12s\n", rounds, "", "median ms", "99 % ms", "most ms", "mean bytes");
  for (const Row& row : rows) {
    double sum = 0;
    for (const double bytes : row.bytes) sum += bytes;
    std::printf("%-30s %9.2f %9.2f %9.2f %12.0f\n", row.name.c_str(), quantile(row.times, 0.5),
                quantile(row.times, 0.99), quantile(row.times, 1), sum / rounds);
  }
}

/// `every`-th of `count` rows, in order of their keys.
std::vector<StateRow> state_rows(int count, int every, char version) {
  std::vector<StateRow> rows;
  char key[32];
  for (int i = 0; i < count; i += every) {
    std::snprintf(key, sizeof key, "some-rule-%012d", i);
    rows.push_back({0, key, std::string(100, version)});
  }
  return rows;
}

void measure_checkpoint(Database& database, std::vector<StateRow> rows, const char* name) {
  const std::string blob(400, '\1');
  const CommitRows commit = journal_alone(blob);
  const std::size_t count = rows.size();
  database.commit(commit).value();
  std::vector<double> steps, commits;
  const double before = bytes_written();
  const auto begin = Clock::now();
  database.begin_checkpoint(std::move(rows));
  for (bool more = true; more;) {
    const auto step = Clock::now();
    more = database.continue_checkpoint().value();
    steps.push_back(milliseconds_since(step));
    const auto between = Clock::now();
    database.commit(commit).value();
    commits.push_back(milliseconds_since(between));
  }
  std::printf("%s: %zu rows in %.0f ms, %zu steps, %.0f MB written\n", name, count, milliseconds_since(begin),
              steps.size(), (bytes_written() - before) / 1e6);
  for (const auto& [what, times] : {std::pair{"step", steps}, std::pair{"commit after it", commits}}) {
    std::printf("  %-16s median %.1f ms, 99 %% %.1f ms, most %.1f ms\n", what, quantile(times, 0.5),
                quantile(times, 0.99), quantile(times, 1));
  }
}

void measure_state(const std::string& folder, int count) {
  const std::string path = folder + "/state.db";
  {
    Database database = Database::open(path).value();
    measure_checkpoint(database, state_rows(count, 1, '\1'), "first checkpoint");
    measure_checkpoint(database, state_rows(count, 10, '\2'), "every tenth row changed");
    const Sizes sizes = database.read().sizes().value();
    std::printf("file %.0f MB, of it free %.0f MB, log %.0f MB\n", static_cast<double>(sizes.file_bytes) / 1e6,
                static_cast<double>(sizes.free_bytes) / 1e6, static_cast<double>(sizes.wal_bytes) / 1e6);
  }
  const auto begin = Clock::now();
  Database database = Database::open(path).value();
  const double opened = milliseconds_since(begin);
  std::size_t rows = 0;
  const Visit<StateView> visit = [&](const StateView&) -> Result<void> { return ++rows, Result<void>{}; };
  database.read().each_state_row(0, visit).value();
  std::printf("start: opened in %.0f ms, %zu rows read by %.0f ms\n", opened, rows, milliseconds_since(begin));
}

}  // namespace

int main(int count, char** words) {
  const auto number = [&](int word, int otherwise) {
    return count > word && std::atoi(words[word]) > 0 ? std::atoi(words[word]) : otherwise;
  };
  const int rounds = number(1, 300), rows = number(2, 1'000'000);
  std::string folder = (std::filesystem::temp_directory_path() / "store-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  measure_commits(folder, rounds);
  measure_state(folder, rows);
  std::filesystem::remove_all(folder);
}
