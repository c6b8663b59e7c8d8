// Random chains of credentials over random accounts, used by rules that name the origin: however the records are
// delivered, the signals are those of an oracle that knows all of them before it judges the first.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/identities.h"
#include "tests/support/origin_runs.h"

namespace tripline::tests {
namespace {

using engine::EventTime;
using std::chrono::seconds;
using Random = std::mt19937;

int roll(Random& random, int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(random); }
bool chance(Random& random, int percent) { return roll(random, 100) < percent; }

const EventTime kStart = *engine::parse_time("2026-01-15T10:00:00Z");
constexpr int kLateness = 1200;  // seconds

struct DatedRecord {
  EventTime time;
  std::string json;
};

class Chains {
 public:
  explicit Chains(unsigned seed) : random_(seed) {}

  std::vector<DatedRecord> make() {
    std::vector<DatedRecord> records;
    std::vector<std::string> sessions;  // identities that calls can be made with
    EventTime now = kStart;
    const int count = 8 + roll(random_, 20);
    for (int i = 0; i < count; ++i) {
      now += seconds{chance(random_, 40) ? roll(random_, 400) : roll(random_, 3)};
      const std::string time = engine::format_time(now);
      const bool by_user = sessions.empty() || chance(random_, 30);
      const std::string caller = by_user ? a_user() : sessions[pick(sessions.size())];
      if (chance(random_, 40)) {
        const std::string name = "K" + std::to_string(i);
        const char account = chance(random_, 50) ? '1' : '2';
        const std::string role = "R" + std::to_string(roll(random_, 3));
        const std::string shared = chance(random_, 20) ? "shared-" + std::to_string(i) : "";
        const std::string minted = assume({time, caller, account, role, "s", key(name), 3600, shared});
        if (chance(random_, 85)) records.push_back({now, minted});  // else it is in no log
        if (!shared.empty()) {
          records.push_back(
              {now, assume({time, outsider('1', role, "s"), account, role, "s", key(name), 3600, shared, account})});
        }
        sessions.push_back(session({account, role, "s", key(name), time}));
      } else {
        const std::string call_name = chance(random_, 75) ? "DescribeRegions" : "RunInstances";
        const std::string shared =
            chance(random_, 15) ? R"(,"sharedEventID":"call-)" + std::to_string(i) + "\"" : std::string();
        records.push_back({now, call(time, caller, call_name, shared)});
        if (!shared.empty()) records.push_back({now, call(time, outsider('1', "R0", "s"), call_name, shared)});
      }
    }
    return records;
  }

  Random& random() { return random_; }

 private:
  std::string a_user() { return user('1', chance(random_, 50) ? "alice" : "bob"); }
  std::size_t pick(std::size_t size) { return static_cast<std::size_t>(roll(random_, static_cast<int>(size))); }

  Random random_;
};

struct Part {
  std::vector<std::string> records;
  EventTime watermark;
};

/// Each record comes up to kLateness after its time, some twice; parts are of any size.
std::vector<Part> deliver(const std::vector<DatedRecord>& records, Random& random) {
  struct Arrival {
    EventTime at;
    const DatedRecord* record;
  };
  std::vector<Arrival> arrivals;
  for (const DatedRecord& record : records) {
    const EventTime at = record.time + seconds{roll(random, kLateness + 1)};
    arrivals.push_back({at, &record});
    if (chance(random, 20)) arrivals.push_back({at + seconds{roll(random, 2 * kLateness)}, &record});
  }
  std::shuffle(arrivals.begin(), arrivals.end(), random);
  std::stable_sort(arrivals.begin(), arrivals.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  std::vector<Part> parts;
  const int most = 1 + roll(random, 6);
  for (std::size_t i = 0; i < arrivals.size();) {
    Part& part = parts.emplace_back();
    for (int n = 1 + roll(random, most); n > 0 && i < arrivals.size(); --n, ++i) {
      part.records.push_back(arrivals[i].record->json);
    }
    part.watermark = i < arrivals.size() && chance(random, 75) ? arrivals[i].at - seconds{kLateness} : EventTime::min();
  }
  parts.push_back({{}, EventTime::max()});
  return parts;
}

PlainSignals run(const std::vector<Part>& parts, Random& random, bool restarts, engine::StateOptions options = {}) {
  OriginRun run(rules_of_origin(), restarts, std::move(options));
  for (const Part& part : parts) {
    run.deliver(part.records, part.watermark);
    if (!restarts) continue;
    if (chance(random, 50)) run.tend(roll(random, 8));
    if (chance(random, 40)) run.restart();
  }
  return run.signals();
}

std::string text_of(const PlainSignals& signals) {
  std::string text;
  for (const PlainSignal& s : signals) {
    text += s.rule + " " + (s.group.empty() ? "" : s.group.back()) + " " + std::to_string(s.first / 1000) + " " +
            std::to_string(s.last / 1000) + " " + std::to_string(s.triggers) + " " +
            std::to_string(static_cast<int>(s.peak)) + "\n";
  }
  return text;
}

void expect_the_oracles(unsigned first, unsigned end, bool restarts) {
  std::size_t by_alice = 0, correlated = 0;
  for (unsigned seed = first; seed < end; ++seed) {
    SCOPED_TRACE(seed);
    Chains chains(seed);
    const auto records = chains.make();
    std::vector<std::string> texts;
    for (const auto& record : records) texts.push_back(record.json);
    const PlainSignals expected = expected_origin_signals(rules_of_origin(), texts);
    for (const PlainSignal& s : expected) {
      by_alice += s.rule == "alice" ? s.triggers : 0;
      correlated += s.rule == "either" || s.rule == "few" ? 1 : 0;
    }
    for (int way = 0; way < (restarts ? 1 : 3); ++way) {
      const auto parts = deliver(records, chains.random());
      EXPECT_EQ(text_of(run(parts, chains.random(), restarts)), text_of(expected));
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(by_alice, (end - first));
  EXPECT_GT(correlated, (end - first) / 2);
}

TEST(OriginProperty, SignalsDoNotDependOnOrderChunksOrDuplicates) { expect_the_oracles(0, 300, false); }

TEST(OriginProperty, SignalsDoNotDependOnRestartsEither) { expect_the_oracles(1000, 1040, true); }

TEST(OriginProperty, CatchesAStateThatDoesNotWait) {
  engine::StateOptions hasty;
  hasty.origin_limits.waiting = 0;
  int wrong = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    Chains chains(seed);
    const auto records = chains.make();
    std::vector<std::string> texts;
    for (const auto& record : records) texts.push_back(record.json);
    const auto parts = deliver(records, chains.random());
    wrong += run(parts, chains.random(), false, hasty) == expected_origin_signals(rules_of_origin(), texts) ? 0 : 1;
  }
  EXPECT_GT(wrong, 10);
}

}  // namespace
}  // namespace tripline::tests
