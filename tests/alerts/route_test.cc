#include "alerts/route.h"

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Route, ByDefaultTellsOpeningsAndWhatWidensFromHighOn) {
  using enum Change;
  const Route route = default_route({});
  for (const auto& level : engine::kLevels) {
    EXPECT_TRUE(tells(route, kOpened, level.level));
    EXPECT_EQ(tells(route, kWidened, level.level), level.level >= engine::Level::kHigh);
    EXPECT_FALSE(tells(route, kUpdated, level.level));
    EXPECT_FALSE(tells(route, kClosed, level.level));
  }
  Route given;
  given.changes = {kClosed, kWidened};
  for (const auto& row : kChanges) {
    EXPECT_EQ(tells(given, row.change, engine::Level::kLow), row.change == kClosed || row.change == kWidened);
  }
}

TEST(Route, ByDefaultLeavesLowToStoreAndApi) {
  const SignalMatcher matcher(default_route({}).match);
  for (const auto& row : engine::kLevels) {
    const auto traits = SignalTraits::of(*tests::made({.level = row.level}), nullptr);
    EXPECT_EQ(matcher.misfit(traits) == nullptr, row.level >= engine::Level::kMedium) << row.name;
  }
}

TEST(Route, GoesAtThePaceOfTheKindWhereItSaysNothing) {
  const auto kind = [](std::string_view name) -> const SinkKind& { return *find_sink_kind(name); };
  const Pace people{.group_interval = minutes{1},
                    .repeat_interval = hours{24},
                    .digest_above = 20,
                    .digest_interval = hours{1},
                    .rate = {}};
  Pace by_itself = people;
  by_itself.group_interval = {};
  Pace machines;
  machines.digest_interval = hours{1};
  const struct {
    std::string_view kind;
    Pace pace;
  } cases[] = {{"slack", people},        {"teams", people},           {"webhook", people}, {"sns", people},
               {"pagerduty", by_itself}, {"alertmanager", by_itself}, {"sqs", machines},   {"elasticsearch", machines},
               {"file", machines},       {"stdout", machines}};
  EXPECT_EQ(std::size(cases), sink_kinds().size());
  for (const auto& c : cases) EXPECT_EQ(pace_of({}, kind(c.kind)), c.pace) << c.kind;

  Route given;
  given.group_wait = seconds{30};
  given.group_interval = minutes{5};
  given.repeat_interval = hours{4};
  given.digest_above = 3;
  given.digest_interval = minutes{10};
  given.rate = Rate{10, hours{1}};
  const Pace as_given{seconds{30}, minutes{5}, hours{4}, 3, minutes{10}, Rate{10, hours{1}}};
  EXPECT_EQ(pace_of(given, kind("slack")), as_given);
  EXPECT_EQ(pace_of(given, kind("sqs")), as_given);
  Pace grouped_by_itself = as_given;
  grouped_by_itself.group_wait = grouped_by_itself.group_interval = {};
  EXPECT_EQ(pace_of(given, kind("pagerduty")), grouped_by_itself) << "it groups for itself";
}

TEST(Route, GroupsByWhatItIsTold) {
  using enum GroupBy;
  const auto signal = tests::made({});
  const auto other_actor = tests::made({.group = {"bob"}});
  const auto other_rule = tests::made({.rule = "other"});
  const auto other_account = tests::made({.accounts = {"999988887777"}});
  const auto other_level = tests::made({.level = engine::Level::kLow});
  const auto other_period = tests::made({.period = 1});
  const struct {
    std::vector<GroupBy> by;
    std::vector<std::shared_ptr<engine::Signal>> same, different;
  } cases[] = {
      {{}, {other_actor, other_rule, other_account, other_level, other_period}, {}},
      {{kRule}, {other_actor, other_account, other_level, other_period}, {other_rule}},
      {{kLevel}, {other_actor, other_rule, other_account, other_period}, {other_level}},
      {{kAccount}, {other_actor, other_rule, other_level, other_period}, {other_account}},
      {{kActor}, {other_rule, other_account, other_level, other_period}, {other_actor}},
      {{kGroup}, {other_account, other_level, other_period}, {other_rule, other_actor}},
      {{kRule, kAccount}, {other_actor, other_period}, {other_rule, other_account}},
  };
  for (const auto& c : cases) {
    for (const auto& each : c.same) EXPECT_EQ(group_words(c.by, *each), group_words(c.by, *signal));
    for (const auto& each : c.different) EXPECT_NE(group_words(c.by, *each), group_words(c.by, *signal));
  }
}

TEST(Route, SaysDurationsInTheLargestUnitThatIsWhole) {
  EXPECT_EQ(duration_text(hours{48}), "2d");
  EXPECT_EQ(duration_text(hours{36}), "36h");
  EXPECT_EQ(duration_text(seconds{90}), "90s");
  EXPECT_EQ(duration_text(milliseconds{1500}), "1500ms");
  EXPECT_EQ(duration_text(milliseconds{0}), "0s");
}

}  // namespace
}  // namespace tripline::alerts
