#include "engine/memory_store.h"

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/packed_signal.h"

namespace tripline::engine {
namespace {

std::shared_ptr<const RuleSet> one_rule(const std::string& id) {
  auto rules = std::make_shared<RuleSet>();
  rules->detections.emplace_back().rule.id = id;
  return rules;
}

Signal random_signal(std::mt19937& random, const std::shared_ptr<const RuleSet>& rules) {
  Signal signal;
  signal.rules = rules;
  signal.group = {"111122223333", "principal-" + std::to_string(random() % 60)};
  signal.period_start = EventTime{std::chrono::hours{random() % 3}};
  signal.id = signal_id(rules->detections[0].rule.id, signal.group, signal.period_start);
  signal.first = signal.period_start + std::chrono::minutes{random() % 60};
  signal.last = signal.first + std::chrono::seconds{random() % 60};
  signal.triggers = random();
  for (std::size_t i = random() % 3; i > 0; --i) {
    auto evidence = std::make_shared<Evidence>();
    evidence->event_id = std::string(random() % 40, 'e');
    evidence->path = std::string("with\0zero", 9);
    evidence->user_agent = std::string(random() % 40, 'u');
    evidence->chain = "alice → role/Deploy";
    if (random() % 2) evidence->time = signal.first;
    if (random() % 2) evidence->delivered = signal.last;
    for (std::size_t n = random() % 3; n > 0; --n) {
      evidence->resources.push_back({"id-" + std::to_string(n), "AWS::S3::Bucket", "111122223333"});
    }
    evidence->index = static_cast<std::uint32_t>(random());
    for (std::size_t n = random() % 3; n > 0; --n) evidence->shown.emplace_back("field" + std::to_string(n), "");
    count(signal, "Call" + std::to_string(random() % 3), "denied", random() % 2 ? "AccessDenied" : "");
    show(signal, std::move(evidence));
  }
  if (random() % 2) signal.detected = signal.last;
  if (random() % 2) signal.arrived = signal.first;
  signal.late = random() % 2 == 0;
  signal.other_actions = random() % 3;
  return signal;
}

std::vector<std::string> all_of(const MemoryStore& store) {
  std::vector<std::string> all;
  EXPECT_TRUE(store.each_signal(
      [&](const Signal& signal) { all.push_back(tests::packed(signal) + signal.rules->detections[0].rule.id); }));
  return all;
}

TEST(MemoryStore, ThatSpillsHoldsWhatOneThatDoesNotHolds) {
  std::mt19937 random(5);
  const std::shared_ptr<const RuleSet> rules[] = {one_rule("a"), one_rule("b")};
  for (int round = 0; round < 30; ++round) {
    MemoryStore all_held(100'000), spilling(1 + random() % 20);
    for (int commits = 0; commits < 60; ++commits) {
      Commit commit;
      for (std::size_t i = random() % 8; i > 0; --i) {
        commit.signals.push_back(random_signal(random, rules[random() % 2]));
        commit.keys.push_back({random() % 50, random() % 3});
      }
      ASSERT_TRUE(all_held.commit(commit));
      ASSERT_TRUE(spilling.commit(commit));
      const Signal probe = random_signal(random, rules[random() % 2]);
      const auto expected = all_held.find(probe.id);
      const auto found = spilling.find(probe.id);
      ASSERT_TRUE(expected && found);
      ASSERT_EQ(*found == nullptr, *expected == nullptr);
      if (*found != nullptr) {
        ASSERT_EQ(tests::packed(**found), tests::packed(**expected));
        ASSERT_EQ((*found)->rules, (*expected)->rules);
      }
      const EventKey key{random() % 50, random() % 3};
      ASSERT_EQ(spilling.seen(key), all_held.seen(key));
    }
    EXPECT_EQ(all_held.spilled(), 0U);
    EXPECT_GT(spilling.spilled(), 0U);
    ASSERT_EQ(all_of(spilling), all_of(all_held));
  }
}

TEST(MemoryStore, SaysWhereItCannotSpill) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nowhere/at/all", 1);
  std::mt19937 random(1);
  const auto rules = one_rule("a");
  MemoryStore store(1);
  Result<void> done;
  for (int i = 0; i < 3 && done; ++i) {
    Commit commit;
    commit.signals.push_back(random_signal(random, rules));
    done = store.commit(std::move(commit));
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kStore);
  EXPECT_NE(done.error().message.find("/nowhere/at/all: No such file"), std::string::npos) << done.error().message;
  if (before == nullptr) {
    ::unsetenv("TMPDIR");
  } else {
    ::setenv("TMPDIR", kept.c_str(), 1);
  }
}

}  // namespace
}  // namespace tripline::engine
