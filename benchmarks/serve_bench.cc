// A running `tripline serve` under load, over the loopback, with a store on a disk and the shipped rules: how long it
// takes to acknowledge POSTs of 1 MiB, and what becomes of it when far more comes than it can take.
//
//   serve_bench [SECONDS]      of each part (20); 60 and more for the record, with checkpoints every 30 s
//
// TRIPLINE_BIN: the program, else that of the build; $TMPDIR, else /tmp, for the store; TRIPLINE_CORPUS: the events.
//
// saturation: as many connections as saturate it, each with its next POST as soon as one is acknowledged.
// 70 %: POSTs at 0.7 of that rate, whatever the answers; a time is from when a POST was due to its acknowledgement, so
// that one which waits for its turn counts as waiting. The slowest second is the one with the worst 99 %.
// overload: ten times as many connections as the intake has room for POSTs, each sending again at once what is refused.
// After it all that was refused is sent until it is taken, and the server's own count has to be that of the events
// sent.
//
// Clients and server share the machine's cores; a server of its own machine has more of them for itself.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "benchmarks/firehose_load.h"
#include "tests/support/http_client.h"
#include "tests/support/places.h"
#include "tests/support/serving.h"

namespace {

using namespace tripline;
using benchmarks::FirehosePost;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr std::size_t kSaturating = 8;
constexpr std::size_t kPool = 64;
constexpr std::size_t kIntakeMiB = 64;  // the least that can be configured
constexpr std::size_t kOverloading = 10 * kIntakeMiB;

double seconds_of(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

double quantile(std::vector<double> values, double of) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(of * static_cast<double>(values.size())))];
}

std::string file_text(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A field of /proc/PID/status, in MiB.
double memory_mib(pid_t pid, const std::string& field) {
  const std::string text = file_text("/proc/" + std::to_string(pid) + "/status");
  const auto at = text.find(field + ":");
  return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + field.size() + 1, nullptr) / 1024;
}

double cpu_seconds(pid_t pid) {
  const std::string text = file_text("/proc/" + std::to_string(pid) + "/stat");
  const char* at = text.c_str() + text.rfind(')') + 1;
  char* next = nullptr;
  double ticks = 0;
  at += 2;  // the state
  for (int field = 4; field <= 15; ++field) {
    const double value = std::strtod(at, &next);
    if (field >= 14) ticks += value;  // utime and stime
    at = next;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// What all connections share.
struct Load {
  Load(std::uint16_t a_port, const std::vector<std::string>& some_records, std::string a_time)
      : port(a_port), records(some_records), time(std::move(a_time)) {}

  std::uint16_t port;
  const std::vector<std::string>& records;
  std::string time;
  std::atomic<std::uint64_t> number = 0, connections = 0;
  std::atomic<std::uint64_t> sent = 0, accepted = 0, refused = 0, broken = 0, events = 0;
};

/// One connection, which is made anew when the server ends it.
class Connection {
 public:
  explicit Connection(Load& load) : load_(load), post_(load.records, load.time) {}

  void renew() { post_.renew(load_.number++); }

  /// Whether it was acknowledged.
  bool send() {
    ++load_.sent;
    try {
      if (!client_) client_ = std::make_unique<tests::HttpClient>(load_.port);
      const auto answer = client_->ask(post_.request());
      if (answer && answer->status == 200) {
        ++load_.accepted;
        load_.events += post_.events();
        return true;
      }
      ++(answer && answer->status == 503 ? load_.refused : load_.broken);
      if (answer && answer->header("connection") != "close") return false;
    } catch (const std::exception&) {  // nobody answers
      ++load_.broken;
    }
    client_.reset();
    return false;
  }

  /// Waits between attempts as Firehose does before the first: a second, 0.85 to 1.15 times.
  void send_until_taken() {
    while (!send()) std::this_thread::sleep_for(std::chrono::milliseconds{850 + random_() % 300});
  }

 private:
  Load& load_;
  FirehosePost post_;
  std::minstd_rand random_{static_cast<unsigned>(++load_.connections)};
  std::unique_ptr<tests::HttpClient> client_;
};

/// POSTs a second.
double saturate(Load& load, seconds time) {
  const std::uint64_t before = load.accepted;
  const auto begin = Clock::now();
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < kSaturating; ++i) {
    threads.emplace_back([&] {
      Connection connection(load);
      while (Clock::now() < begin + time) {
        connection.renew();
        connection.send_until_taken();
      }
    });
  }
  threads.clear();
  return static_cast<double>(load.accepted - before) / seconds_of(Clock::now() - begin);
}

struct Acknowledged {
  Clock::time_point due;
  double seconds;
};

std::vector<Acknowledged> at_rate(Load& load, double rate, seconds time) {
  std::mutex mutex;
  std::vector<Acknowledged> all;
  std::atomic<std::uint64_t> turn = 0;
  const auto count = static_cast<std::uint64_t>(rate * seconds_of(time));
  const auto begin = Clock::now() + seconds{1};
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < kPool; ++i) {
    threads.emplace_back([&] {
      Connection connection(load);
      for (;;) {
        connection.renew();
        const std::uint64_t mine = turn++;
        if (mine >= count) return;
        const auto due = begin + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(static_cast<double>(mine) / rate));
        std::this_thread::sleep_until(due);
        connection.send_until_taken();
        const Acknowledged one{due, seconds_of(Clock::now() - due)};
        const std::lock_guard lock(mutex);
        all.push_back(one);
      }
    });
  }
  threads.clear();
  return all;
}

void tell(const std::vector<Acknowledged>& all) {
  std::vector<double> times;
  std::vector<std::vector<double>> by_second;
  const auto begin =
      std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
  for (const Acknowledged& one : all) {
    times.push_back(one.seconds * 1e3);
    const auto second = static_cast<std::size_t>(seconds_of(one.due - begin->due));
    if (second >= by_second.size()) by_second.resize(second + 1);
    by_second[second].push_back(one.seconds * 1e3);
  }
  double slowest = 0;
  for (const auto& second : by_second) slowest = std::max(slowest, quantile(second, 0.99));
  std::printf("  acknowledged %zu, ms: median %.1f, 99 %% %.1f, most %.1f; 99 %% of the slowest second %.1f\n",
              all.size(), quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1), slowest);
}

/// What was sent, and what became of it.
struct Counts {
  explicit Counts(const Load& load)
      : sent(load.sent), accepted(load.accepted), refused(load.refused), broken(load.broken) {}
  std::uint64_t sent, accepted, refused, broken;
};

/// The counts at the end of `time`; returns once all was taken.
Counts overload(Load& load, seconds time) {
  const auto end = Clock::now() + time;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < kOverloading; ++i) {
    threads.emplace_back([&] {
      Connection connection(load);
      while (Clock::now() < end) {
        connection.renew();
        connection.send_until_taken();
      }
    });
  }
  std::this_thread::sleep_until(end);
  return Counts(load);
}

/// Sum of a counter's values over the lines that hold `label`.
std::uint64_t metric(std::uint16_t port, const std::string& name, const std::string& label) {
  const auto answer = tests::HttpClient(port).ask(tests::get("/metrics"));
  if (!answer || answer->status != 200) throw std::runtime_error("no metrics");
  double sum = 0;
  for (std::size_t at = 0; at < answer->body.size();) {
    const std::size_t end = std::min(answer->body.find('\n', at), answer->body.size());
    const std::string line = answer->body.substr(at, end - at);
    if (line.starts_with(name) && line.find(label) != std::string::npos) {
      sum += std::strtod(line.c_str() + line.rfind(' ') + 1, nullptr);
    }
    at = end + 1;
  }
  return static_cast<std::uint64_t>(sum);
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void tell_memory(const tests::Serving& server) {
  std::printf("  memory now %.0f MiB, at most %.0f MiB\n", memory_mib(server.pid(), "VmRSS"),
              memory_mib(server.pid(), "VmHWM"));
}

int run(seconds time) {
  const auto records = benchmarks::corpus_records(std::uint64_t{8} << 20);
  const tests::TemporaryFolder folder;
  const std::string config = folder.write(
      "tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: " + (folder.path() / "data").string() +
                          "}\nlimits: {intake: " + std::to_string(kIntakeMiB) +
                          "MiB, body: 64MiB, connections: 2000, connections_per_address: 2000}\n");
  tests::Serving server({"-c", config});
  Load load(server.port(), records, now_text());
  std::printf("tripline serve, %u cores, intake %zu MiB; at the start it has %.0f MiB of memory\n",
              std::thread::hardware_concurrency(), kIntakeMiB, memory_mib(server.pid(), "VmRSS"));

  double cpu = cpu_seconds(server.pid());
  const double rate = saturate(load, time);
  cpu = cpu_seconds(server.pid()) - cpu;
  const FirehosePost post(records, load.time);
  std::printf(
      "saturation: %.1f POSTs/s of %.2f MiB, %zu events each (%.0f events/s), %.2f ms of the server's CPU each\n", rate,
      static_cast<double>(post.request().size()) / (1 << 20), post.events(), rate * static_cast<double>(post.events()),
      cpu * 1e3 / static_cast<double>(load.accepted));

  std::printf("70 %%: %.1f POSTs/s\n", rate * 0.7);
  tell(at_rate(load, rate * 0.7, time));
  tell_memory(server);

  const Counts before(load);
  const Counts after = overload(load, time);
  std::printf(
      "overload: %zu connections; sent %.1f times as many POSTs as were taken: %llu, of which %llu were answered "
      "503 and %llu not at all\n",
      kOverloading,
      static_cast<double>(after.sent - before.sent) / static_cast<double>(after.accepted - before.accepted),
      static_cast<unsigned long long>(after.sent - before.sent),
      static_cast<unsigned long long>(after.refused - before.refused),
      static_cast<unsigned long long>(after.broken - before.broken));
  tell_memory(server);

  const std::uint64_t counted = metric(server.port(), "tripline_events_total{", "outcome=\"accepted\"");
  const std::uint64_t again = metric(server.port(), "tripline_events_total{", "outcome=\"duplicate\"");
  std::printf("after the retries: %llu events acknowledged, %llu counted by the server, %llu of them twice\n",
              static_cast<unsigned long long>(load.events), static_cast<unsigned long long>(counted + again),
              static_cast<unsigned long long>(again));
  const int code = server.stop();
  if (code != 0) std::printf("the server ended with %d: %s\n", code, server.said().c_str());
  return code == 0 && counted == load.events && again == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const int asked = argc > 1 ? std::atoi(argv[1]) : 0;
  const auto built = std::filesystem::path(argv[0]).parent_path().parent_path() / "tripline";
  setenv("TRIPLINE_BIN", std::filesystem::absolute(built).c_str(), 0);
  try {
    return run(seconds{asked > 0 ? asked : 20});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "serve_bench: %s\n", error.what());
    return 1;
  }
}
