#include "engine/evidence_budget.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory_store.h"
#include "engine/state.h"
#include "tests/support/packed_signal.h"

namespace tripline::engine {
namespace {

std::vector<std::string> signals_of(const std::vector<Match>& matches) {
  MemoryStore store;
  State state(store, nullptr);
  EXPECT_TRUE(state.apply(matches));
  std::vector<std::string> all;
  EXPECT_TRUE(store.each_signal([&](const Signal& signal) { all.push_back(tests::packed(signal)); }));
  return all;
}

TEST(EvidenceBudget, LeavesSignalsTheEvidenceAndRecordsThatTheyHaveWithoutIt) {
  auto rules = std::make_shared<RuleSet>();
  for (const char* id : {"a", "b"}) rules->detections.emplace_back().rule.id = id;
  std::mt19937 random(3);
  std::size_t spared = 0, spared_records = 0;
  for (int round = 0; round < 50; ++round) {
    constexpr std::size_t kWorkers = 2;
    EvidenceBudget budgets[kWorkers];
    std::vector<Match> full, budgeted;
    for (std::uint64_t delivery = 0; delivery < 200; ++delivery) {
      EvidenceBudget& budget = budgets[random() % kWorkers];
      for (std::uint32_t index = 0; index < 5; ++index) {
        const std::uint64_t event = random() % 600;  // so that many are delivered again
        Match match;
        match.rules = rules;
        match.detection = event % 2;
        match.delivery = delivery;
        match.index = index;
        match.key = {0, event};
        match.time = EventTime{std::chrono::minutes{event % 120}};
        match.group = {"111122223333", event % 3 == 0 ? "alice" : "bob"};
        if (event % 5 == 0) match.more_groups = {{"111122223333", "carol"}};
        auto evidence = std::make_shared<Evidence>();
        evidence->event_id = std::to_string(event);
        evidence->region = "region-" + std::to_string(event % 7);
        evidence->address = "198.51.100." + std::to_string(event);  // of more than a signal gathers
        match.evidence = evidence;
        match.record = std::make_shared<const RecordText>(RecordText{.json = "{\"n\":" + evidence->event_id + "}"});
        full.push_back(match);
        const auto wanted = budget.wants(match, {"", evidence->region, evidence->address, "", ""});
        if (!wanted.evidence) match.evidence = nullptr;
        if (!wanted.record) match.record = nullptr;
        spared += wanted.evidence ? 0 : 1;
        spared_records += wanted.record ? 0 : 1;
        budgeted.push_back(std::move(match));
      }
    }
    ASSERT_EQ(signals_of(budgeted), signals_of(full)) << "round " << round;
  }
  EXPECT_GT(spared, 1000U);
  EXPECT_GT(spared_records, 1000U);
}

}  // namespace
}  // namespace tripline::engine
