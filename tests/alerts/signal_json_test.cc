#include "alerts/signal_json.h"

#include <gtest/gtest.h>

#include "alerts/next_step.h"
#include "alerts/summary.h"
#include "engine/memory_store.h"

namespace tripline::alerts {
namespace {

using engine::Evidence;
using engine::Signal;
using std::chrono::hours;

const engine::EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");

std::shared_ptr<engine::RuleSet> one_rule() {
  auto rules = std::make_shared<engine::RuleSet>();
  auto& rule = rules->detections.emplace_back().rule;
  rule.id = "rule-id";
  rule.title = "User created";
  rule.level = engine::Level::kHigh;
  return rules;
}

std::shared_ptr<Evidence> event() {
  auto evidence = std::make_shared<Evidence>();
  evidence->time = kNoon;
  evidence->event_name = "CreateUser";
  evidence->account = "111122223333";
  evidence->outcome = "success";
  evidence->actor = "alice";
  evidence->actor_principal = "arn:aws:iam::111122223333:user/alice";
  evidence->resources = {{"bob", "AWS::IAM::User", "111122223333"}};
  return evidence;
}

Signal signal_of(std::shared_ptr<const engine::RuleSet> rules, std::shared_ptr<const Evidence> evidence) {
  Signal signal;
  signal.id = "0123456789abcdef0123456789abcdef";
  signal.rules = std::move(rules);
  signal.group = {"111122223333", "arn:aws:iam::111122223333:user/alice"};
  signal.first = signal.last = kNoon;
  signal.triggers = 1;
  if (evidence) show(signal, evidence);
  return signal;
}

TEST(Summary, SaysWhoDidWhatWithWhatWhereAndHowItEnded) {
  const engine::Accounts accounts({{.id = "111122223333", .name = "payments", .env = "", .owner = ""}});
  EXPECT_EQ(summary(signal_of(one_rule(), event()), nullptr), "alice CreateUser bob in 111122223333: success");
  EXPECT_EQ(summary(signal_of(one_rule(), event()), &accounts),
            "alice CreateUser bob in payments (111122223333): success");
  auto bare = std::make_shared<Evidence>();
  bare->event_name = "CreateUser";
  EXPECT_EQ(summary(signal_of(one_rule(), bare), nullptr), "somebody CreateUser");
  auto bucket = event();
  bucket->resources = {{"arn:aws:s3:::logs", "", ""}};
  EXPECT_EQ(summary(signal_of(one_rule(), bucket), nullptr), "alice CreateUser logs in 111122223333: success");
  EXPECT_EQ(summary(signal_of(one_rule(), nullptr), nullptr), "User created") << "of logs that say nothing else";
}

TEST(Summary, IsTheRulesTitleWhereItHasOne) {
  Signal signal = signal_of(one_rule(), event());
  signal.title = "alice made bob";
  EXPECT_EQ(summary(signal, nullptr), "alice made bob");
  auto rules = one_rule();
  auto& correlation = rules->correlations.emplace_back();
  correlation.group_by = {"actor.principal", "awsRegion"};
  correlation.title = {{.text = "", .field = "triggers"},
                       {.text = " times up to ", .field = "peak"},
                       {.text = " from ", .field = "awsRegion"},
                       {.text = "!", .field = ""}};
  Signal of_correlation = signal_of(rules, event());
  of_correlation.of_correlation = true;
  of_correlation.group = {"alice", "eu-west-1"};
  of_correlation.peak = 12;
  EXPECT_EQ(summary(of_correlation, nullptr), "1 times up to 12 from eu-west-1!");
}

TEST(NextStep, IsATimelineOfTheOriginAroundTheSignal) {
  const std::vector<std::string> logs = {"AWSLogs/", "more logs"};
  Signal signal = signal_of(one_rule(), event());
  signal.last = kNoon + hours{3};
  EXPECT_EQ(next_step(signal, logs),
            "tripline timeline arn:aws:iam::111122223333:user/alice --from 2026-01-15T11:00:00Z "
            "--to 2026-01-15T16:00:01Z AWSLogs/ 'more logs'");
  EXPECT_TRUE(next_step(signal, {}).ends_with(" PATH..."));
  auto known = event();
  known->origin_principal = "arn:aws:iam::444455556666:user/mallory";
  EXPECT_NE(next_step(signal_of(one_rule(), known), logs).find("user/mallory "), std::string::npos);
  EXPECT_EQ(next_step(signal_of(one_rule(), nullptr), logs), "");
}

TEST(ShellWord, StandsForExactlyItsText) {
  const struct {
    std::string_view text;
    std::string_view word;
  } cases[] = {{"alice", "alice"},     {"", "''"},        {"a b", "'a b'"}, {"$(rm -rf /)", "'$(rm -rf /)'"},
               {"it's", "'it'\\''s'"}, {"a\nb", "'a\nb'"}};
  for (const auto& c : cases) EXPECT_EQ(shell_word(c.text), c.word);
}

TEST(RelatedSignals, AreThoseOfTheOriginWithinADayTheGravestFirst) {
  auto rules = one_rule();
  auto& low = rules->detections.emplace_back().rule;
  low.title = "Low";
  low.level = engine::Level::kLow;
  engine::MemoryStore store;
  engine::Commit commit;
  const auto add = [&](std::string id, std::uint32_t rule, engine::EventTime time, std::string principal) {
    auto evidence = event();
    evidence->actor_principal = std::move(principal);
    Signal signal = signal_of(rules, evidence);
    signal.id = id + std::string(31, '0');
    signal.index = rule;
    signal.first = signal.last = time;
    commit.signals.push_back(signal);
    return signal;
  };
  const Signal self = add("1", 0, kNoon, "alice");
  add("2", 1, kNoon - hours{24}, "alice");
  add("3", 0, kNoon + hours{24}, "alice");
  add("4", 0, kNoon + hours{25}, "alice");
  add("5", 0, kNoon, "bob");
  ASSERT_TRUE(store.commit(std::move(commit)));
  const auto all = RelatedSignals::of(store);
  ASSERT_TRUE(all);
  std::string text;
  for (const Related& one : all->to(self)) {
    text += one.id.substr(0, 1) + " " + one.title + " " + std::string(engine::name_of(one.level)) + "; ";
  }
  EXPECT_EQ(text, "3 User created high; 2 Low low; ");
}

TEST(RelatedSignals, AreThoseThatWereAddedLastAsTheyAreNow) {
  const auto rules = one_rule();
  const auto signal = [&](char id, engine::EventTime time) {
    auto evidence = event();
    evidence->actor_principal = "alice";
    Signal one = signal_of(rules, evidence);
    one.id = std::string(1, id) + std::string(31, '0');
    one.first = one.last = time;
    return one;
  };
  const auto ids = [&](const RelatedSignals& related) {
    std::string all;
    for (const Related& one : related.to(signal('f', kNoon))) all += one.id.substr(0, 1);
    return all;
  };
  RelatedSignals related(3);
  EXPECT_TRUE(related.add_older(signal('2', kNoon - hours{2})));
  EXPECT_TRUE(related.add_older(signal('1', kNoon - hours{3})));
  EXPECT_EQ(ids(related), "12");
  related.add(signal('3', kNoon - hours{1}));
  EXPECT_FALSE(related.add_older(signal('0', kNoon - hours{4})));
  related.add(signal('2', kNoon + hours{1}));
  EXPECT_EQ(ids(related), "132") << "it has changed";
  related.add(signal('4', kNoon - hours{1}));
  EXPECT_EQ(ids(related), "342") << "the oldest has gone";
  Signal nobody = signal('5', kNoon);
  nobody.evidence.clear();
  related.add(nobody);
  EXPECT_EQ(ids(related), "342");
  EXPECT_TRUE(related.to(nobody).empty());
}

TEST(SignalJson, SaysOnlyWhatIsKnown) {
  Signal signal = signal_of(one_rule(), nullptr);
  signal.group.clear();
  EXPECT_EQ(signal_json(signal),
            R"({"schema_version":1,"id":"0123456789abcdef0123456789abcdef","summary":"User created",)"
            R"("rule":{"id":"rule-id","title":"User created","level":"high","kind":"detection","tags":[],)"
            R"("false_positives":[],"references":[]},"state":"open","dry_run":false,"group":[],)"
            R"("first":"2026-01-15T12:00:00Z","last":"2026-01-15T12:00:00Z","triggers":1,"actors":[],"accounts":[],)"
            R"("regions":[],"addresses":[],"agents":[],"actions":[],"other_actions":0,"resources":[],"fields":{},)"
            R"("evidence":[],"annotations":[],"related":[]})");
}

TEST(SignalJson, NamesEachAnnotationThatHolds) {
  Signal signal = signal_of(one_rule(), event());
  signal.partial = signal.cut = signal.evicted = signal.late = signal.widened = true;
  signal.continues = std::string(32, 'a');
  const std::string json = signal_json(signal);
  EXPECT_NE(
      json.find(R"("annotations":["partial","truncated","evicted","late","widened","continues"],"continues":"aaa)"),
      std::string::npos)
      << json;
}

}  // namespace
}  // namespace tripline::alerts
