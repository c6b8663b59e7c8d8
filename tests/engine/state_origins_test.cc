// The State with workers that leave origins to it: engine/origin_state.h.

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/support/identities.h"
#include "tests/support/origin_runs.h"
#include "tests/support/patterns.h"

namespace tripline::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::assume;
using tests::call;
using tests::key;
using tests::OriginRun;
using tests::session;
using tests::user;

EventTime at(const std::string& time) { return *parse_time("2026-01-15T" + time + "Z"); }
std::string iso(const std::string& time) { return "2026-01-15T" + time + "Z"; }

/// Alice enters R0 at 10:00:00 and R1 from there at 10:01:00; region us-east-1 throughout.
const std::string kMint0 = assume({iso("10:00:00"), user('1', "alice"), '1', "R0", "s", key("K0")});
const std::string kInR0 = session({'1', "R0", "s", key("K0"), iso("10:00:00")});
const std::string kMint1 = assume({iso("10:01:00"), kInR0, '2', "R1", "s", key("K1")});
const std::string kInR1 = session({'2', "R1", "s", key("K1"), iso("10:01:00")});
const std::string kUse = call(iso("10:02:00"), kInR1);

TEST(StateOrigins, JudgeAMatchAtOnceWhereItsChainIsKnown) {
  OriginRun run(tests::rules_of_origin());
  run.deliver({kMint0, kMint1, kUse});
  EXPECT_THAT(run.signals_of("alice"), ElementsAre("10:02:00 10:02:00 1"));
  EXPECT_THAT(run.signals_of("others"), IsEmpty());
  EXPECT_EQ(run.state().origins()->counters().waited, 0U);
}

TEST(StateOrigins, LetOnlyTheMatchWaitThatNamesAnOrigin) {
  OriginRun run(tests::rules_of_origin());
  run.deliver({kUse});
  EXPECT_THAT(run.signals_of("any"), ElementsAre("10:02:00 10:02:00 1"));
  EXPECT_THAT(run.signals_of("alice"), IsEmpty());
  EXPECT_THAT(run.signals_of("others"), IsEmpty()) << "a test that does not hold of nobody may hold of somebody";
  EXPECT_EQ(run.state().origins()->waiting(), 1U);
  run.deliver({kMint1});
  EXPECT_EQ(run.state().origins()->waiting(), 1U) << "who entered the first role is not known";
  run.deliver({kMint0});
  EXPECT_EQ(run.state().origins()->waiting(), 0U);
  EXPECT_THAT(run.signals_of("alice"), ElementsAre("10:02:00 10:02:00 1"));
  EXPECT_THAT(run.signals_of("others"), IsEmpty());
}

TEST(StateOrigins, LetNobodyWaitForLongerThanUntilTheWatermarkHasPassed) {
  OriginRun run(tests::rules_of_origin());
  run.deliver({kUse});
  run.deliver({}, at("10:02:02"));
  EXPECT_EQ(run.state().origins()->waiting(), 1U) << "clocks differ by two seconds";
  run.deliver({}, at("10:02:03"));
  EXPECT_EQ(run.state().origins()->waiting(), 0U);
  EXPECT_THAT(run.signals_of("others"), ElementsAre("10:02:00 10:02:00 1")) << "the role is the origin";
  run.deliver({kMint0, kMint1, call(iso("10:01:30"), kInR1)});
  EXPECT_EQ(run.state().origins()->waiting(), 0U) << "late events are judged at once";
}

TEST(StateOrigins, LetNobodyWaitTwiceForAMintThatDidNotComeInTime) {
  const std::string keyless = session({'1', "R2", "s", "", iso("10:00:00")});
  const std::string outside = tests::outsider('1', "R2", "s");
  const struct {
    const char* description;
    std::string mint;    // known from the start
    std::string first;   // whose call waits till the watermark
    std::string second;  // whose call comes then
    bool waits;
  } cases[] = {
      {"the same key", "", kInR1, kInR1, false},
      {"another key", "", kInR1, kInR0, true},
      {"the same key, whose mint was by one that was not minted", kMint1, kInR1, kInR1, false},
      {"the key in the middle of the chain that was followed", kMint1, kInR1, kInR0, false},
      {"one session of a service, without a key", "", keyless, keyless, false},
      {"another session of the same name", "", keyless, session({'1', "R2", "s", "", iso("10:01:00")}), true},
      {"a session by its name alone, which may begin anew", "", outside, outside, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.description);
    OriginRun run(tests::rules_of_origin());
    if (!c.mint.empty()) run.deliver({c.mint});
    run.deliver({call(iso("10:02:00"), c.first)});
    EXPECT_EQ(run.state().origins()->waiting(), 1U);
    run.deliver({}, at("10:02:03"));
    EXPECT_EQ(run.state().origins()->waiting(), 0U);
    run.deliver({call(iso("10:02:04"), c.second)});
    EXPECT_EQ(run.state().origins()->waiting(), c.waits ? 1U : 0U);
    EXPECT_EQ(run.state().origins()->counters().waited, c.waits ? 2U : 1U);
  }
}

TEST(StateOrigins, LetNobodyWaitInASessionOfIdentityCenterThatIsKnownToHaveBegun) {
  const auto in = [](const std::string& access_key, const std::string& role) {
    return call(iso("10:02:00"), session({'1', role, "alice", access_key, iso("10:00:00")}));
  };
  const auto mint = [](const std::string& role) {
    return assume({iso("10:00:00"), tests::service("sso.amazonaws.com"), '1', role, "alice", key("ISSUED")});
  };
  const std::string of_people = "AWSReservedSSO_Admin_0a1b";
  OriginRun run(tests::rules_of_origin());
  run.deliver({in(key("SECOND"), of_people)});
  EXPECT_EQ(run.state().origins()->waiting(), 1U) << "its mint is not there";
  run.deliver({mint(of_people), in(key("THIRD"), of_people)});
  EXPECT_EQ(run.state().origins()->waiting(), 0U);
  run.deliver({mint("Deploy"), in(key("FOURTH"), "Deploy")});
  EXPECT_EQ(run.state().origins()->waiting(), 1U) << "whoever enters a role of the account's own names the session";
}

TEST(StateOrigins, ShowTheOriginInSignalsOfOtherRules) {
  OriginRun run(tests::rules_of_origin());
  run.deliver({kMint0, kMint1, kUse});
  std::string chain;
  ASSERT_TRUE(run.store().each_signal([&](const Signal& s) {
    if (s.rule().id == "any") chain = s.evidence.front()->chain + " " + s.evidence.front()->resolution;
  }));
  EXPECT_EQ(chain, "alice@111111111111 → role/R0 → role/R1@222222222222 exact");
}

TEST(StateOrigins, GiveWindowsAnEventThatWaitedAtItsOwnTime) {
  for (const bool durable : {false, true}) {
    OriginRun run(tests::rules_of_origin(), durable);
    const std::vector<std::string> all = {kUse, call(iso("10:05:00"), kInR1), call(iso("10:30:00"), kInR0), kMint1,
                                          kMint0};
    for (const auto& record : all) {
      run.deliver({record}, at("10:00:00"));
      if (durable) run.restart();
    }
    run.deliver({}, EventTime::max());
    EXPECT_EQ(run.signals(), tests::expected_origin_signals(tests::rules_of_origin(), all));
    EXPECT_THAT(run.signals_of("many"), ElementsAre("10:05:00 10:05:00 1"));
    EXPECT_THAT(run.signals_of("both"), testing::SizeIs(1));
    EXPECT_THAT(run.signals_of("either"), testing::SizeIs(1));
  }
}

TEST(StateOrigins, HoldCorrelationsBackByWhatWaits) {
  OriginRun run(tests::rules_of_origin());
  run.deliver({kUse, call(iso("10:05:00"), user('1', "alice"))});
  run.deliver({}, at("10:02:02"));  // past the event, which waits still
  run.deliver({kMint0, kMint1});
  EXPECT_THAT(run.signals_of("many"), ElementsAre("10:05:00 10:05:00 1"));
  EXPECT_EQ(run.state().late(), 0U);
}

TEST(StateOrigins, OutliveACrash) {
  for (const int steps : {0, 1, 4, 1000}) {
    SCOPED_TRACE(steps);
    OriginRun run(tests::rules_of_origin(), true);
    run.deliver({kMint1, kUse});
    run.tend(steps);
    run.restart();
    EXPECT_EQ(run.state().origins()->waiting(), 1U);
    EXPECT_EQ(run.state().origins()->lineage().mints(), 1U);
    run.deliver({kUse});
    EXPECT_EQ(run.state().duplicates(), 2U);
    run.tend(steps);
    run.restart();
    const std::string brief = assume({iso("10:00:00"), user('1', "alice"), '1', "R0", "s", key("K0"), 900});
    run.deliver({brief});
    EXPECT_THAT(run.signals_of("alice"), ElementsAre("10:02:00 10:02:00 1"));
    run.tend(steps);
    run.restart();
    EXPECT_EQ(run.state().origins()->waiting(), 0U);
    EXPECT_EQ(run.state().origins()->lineage().mints(), 2U);
    // A chain that is settled is known when the mints before it have gone.
    run.deliver({}, at("10:40:00"));
    run.tend(1000);
    run.restart();
    EXPECT_EQ(run.state().origins()->lineage().mints(), 1U);
    run.deliver({call(iso("10:45:00"), kInR1)});
    EXPECT_THAT(run.signals_of("alice"), ElementsAre("10:02:00 10:45:00 2"));
  }
}

TEST(StateOrigins, CountWhatFiltersTakeAwayFromThoseThatWaited) {
  auto rules = std::make_shared<RuleSet>(*tests::rules_of_origin());
  const auto with = [&](std::string_view field, std::string_view value) {
    return Expression::of(rules->predicates.intern({rules->fields.intern(field), tests::any_of({value})}));
  };
  rules->filters.resize(3);
  rules->detections[1].add_filter({0, Expression::negate(with("awsRegion", "us-east-1"))});
  rules->detections[1].add_filter({1, with("awsRegion", "us-east-1")});
  rules->detections[1].add_filter({2, Expression::negate(with("origin.account", "111111111111"))});
  OriginRun run(rules);
  run.deliver({kUse, kUse});
  run.deliver({kMint1, kMint0});
  EXPECT_THAT(run.signals_of("alice"), IsEmpty());
  EXPECT_EQ(run.state().taken_away(1, 0), 1U);
  EXPECT_EQ(run.state().taken_away(1, 1), 0U) << "it holds";
  EXPECT_EQ(run.state().taken_away(1, 2), 1U);
  EXPECT_EQ(run.state().counts_of_detection(1).taken_away, 1U) << "one match, which two filters take away";
  run.deliver({call(iso("10:03:00"), kInR1)});
  EXPECT_EQ(run.state().taken_away(1, 0), 2U) << "of one that need not wait";
}

TEST(StateOrigins, AreForgottenWithTheCredentials) {
  OriginRun run(tests::rules_of_origin(), true);
  run.deliver({kMint0, kMint1}, at("10:30:00"));
  run.tend(1000);
  run.deliver({}, at("11:10:00"));
  EXPECT_EQ(run.state().origins()->lineage().mints(), 2U);
  run.deliver({}, at("11:20:00"));
  EXPECT_EQ(run.state().origins()->lineage().mints(), 0U);
  run.tend(1000);
  run.restart();
  EXPECT_EQ(run.state().origins()->lineage().mints(), 0U);
}

TEST(StateOrigins, AreJudgedByWhatIsKnownWhenTooMuchWaits) {
  StateOptions options;
  options.origin_limits.waiting = 1;
  OriginRun run(tests::rules_of_origin(), false, options);
  run.deliver({kUse, call(iso("10:03:00"), kInR1)});
  EXPECT_EQ(run.state().origins()->waiting(), 1U);
  EXPECT_EQ(run.state().origins()->counters().without_room, 1U);
  EXPECT_THAT(run.signals_of("others"), ElementsAre("10:03:00 10:03:00 1"));
}

TEST(StateOrigins, AreJudgedAtOnceWithoutATimeAndWhenDatedAfterTheDelivery) {
  OriginRun run(tests::rules_of_origin());
  run.deliver({kUse}, EventTime::min(), at("09:00:00"));
  EXPECT_EQ(run.state().origins()->waiting(), 0U);
  EXPECT_EQ(run.state().future(), 1U) << "its matches come apart, and it is one event";
  std::string undated = kUse;
  undated.replace(undated.find(iso("10:02:00")), iso("10:02:00").size(), "soon");
  run.deliver({undated});
  EXPECT_EQ(run.state().origins()->waiting(), 0U);
}

TEST(StateOrigins, KeepNoSecretOfARecordThatWaits) {
  OriginRun run(tests::rules_of_origin());
  const auto with = [](const std::string& more) {
    return call(iso("10:02:00"), kInR1, "DescribeRegions", R"(,"requestParameters":)" + more);
  };
  const struct {
    std::string record;
    bool is_whole;
  } cases[] = {
      {with(R"({"masterUserPassword" : "hunter2","n":1.50})"), false},
      {with(R"({"document":"{\"sessionToken\":\"hunter2\"}"})"), false},
      {with(R"({"list":[{"SecretAccessKey":{"deep":"hunter2"}}]})"), false},
      {with(R"({"name" : "hunter2"})"), true},
  };
  for (const auto& c : cases) {
    const Batch batch = run.batch_of(c.record);
    ASSERT_EQ(batch.undecided.size(), 1U);
    const std::string& kept = batch.undecided[0].record;
    EXPECT_EQ(kept == c.record, c.is_whole);
    EXPECT_EQ(kept.find("hunter2") == std::string::npos, !c.is_whole) << kept;
  }
}

TEST(StateOrigins, AreTracedThroughTheCallersCopyOfACall) {
  OriginRun run(tests::rules_of_origin());
  const std::string shared = R"(,"sharedEventID":"11111111-2222-4333-8444-555555555555")";
  const std::string owners = call(iso("10:02:00"), tests::outsider('1', "R0", "s"), "DescribeRegions", shared);
  const std::string callers = call(iso("10:02:00"), user('1', "alice"), "Other", shared);
  run.deliver({owners});
  EXPECT_EQ(run.state().origins()->waiting(), 1U);
  run.deliver({callers});
  EXPECT_THAT(run.signals_of("alice"), ElementsAre("10:02:00 10:02:00 1"));
}

TEST(StateOrigins, LetNothingWaitForRulesThatAreGone) {
  const auto rules = tests::rules_of_origin();
  auto others = std::make_shared<RuleSet>(*rules);
  for (Detection& detection : others->detections) detection.rule.id += " of before";
  OriginState before(others, {}, true);
  OriginRun run(others);
  Batch batch = run.batch_of(kUse);
  ASSERT_TRUE(before.lets_wait(batch.undecided[0], EventTime::min(), std::chrono::minutes{5}));
  std::vector<store::StateRow> rows;
  before.take_changes(EventTime::min(), rows);
  OriginState after(rules, {}, true);
  for (const auto& row : rows) ASSERT_TRUE(after.restore(row.space, row.key, *row.value));
  EXPECT_EQ(after.waiting(), 0U);
  EXPECT_EQ(after.counters().without_rules, 1U);
  rows.clear();
  after.take_changes(EventTime::min(), rows);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return !row.value; }), 1);
}

}  // namespace
}  // namespace tripline::engine
