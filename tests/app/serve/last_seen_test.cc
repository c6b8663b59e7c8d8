#include "app/serve/last_seen.h"

#include <string>

#include <gtest/gtest.h>

#include "app/serve/live_status.h"

namespace tripline::app {
namespace {

using std::chrono::hours;
using Kind = LastSeen::Kind;

constexpr engine::EventTime at(int hour) { return engine::EventTime{hours{hour}}; }

TEST(LastSeen, KeepsTheLatestOfEachSourceAndAccount) {
  LastSeen seen;
  seen.saw(Kind::kSource, "org", at(5));
  seen.saw(Kind::kSource, "org", at(3));
  seen.saw(Kind::kAccount, "org", at(1));
  seen.saw(Kind::kSource, "", at(9));
  EXPECT_EQ(seen.all(), (std::map<LastSeen::Who, engine::EventTime>{{{Kind::kSource, "org"}, at(5)},
                                                                    {{Kind::kAccount, "org"}, at(1)}}));
}

TEST(LastSeen, TakesSourcesAndAccountsFromARunningEngine) {
  LiveStatus live;
  live.sources["org"].last_delivery = at(7);
  live.sources["never"];
  live.places[{"111122223333", "eu-west-1"}].last_seen = at(6);
  live.places[{"111122223333", "us-east-1"}].last_seen = at(8);
  live.places[{"no account", "us-east-1"}].last_seen = at(8);
  LastSeen seen;
  seen.take(live);
  EXPECT_EQ(seen.all(), (std::map<LastSeen::Who, engine::EventTime>{{{Kind::kSource, "org"}, at(7)},
                                                                    {{Kind::kAccount, "111122223333"}, at(8)}}));
}

TEST(LastSeen, ForgetsWhoHasBeenSilentForLong) {
  LastSeen seen;
  seen.saw(Kind::kSource, "gone", at(1));
  seen.saw(Kind::kSource, "here", at(2));
  seen.forget_before(at(2));
  EXPECT_EQ(seen.all().size(), 1u);
  EXPECT_EQ(seen.all().begin()->first.second, "here");
}

TEST(LastSeen, SurvivesARestart) {
  LastSeen seen;
  EXPECT_EQ(LastSeen::unpack(seen.packed()).value(), seen);
  seen.saw(Kind::kSource, "org", at(5));
  seen.saw(Kind::kAccount, "111122223333", at(6));
  const std::string packed = seen.packed();
  EXPECT_EQ(LastSeen::unpack(packed).value(), seen);
  for (std::size_t length = 0; length < packed.size(); ++length) {
    EXPECT_FALSE(LastSeen::unpack(std::string_view(packed).substr(0, length))) << length;
  }
  EXPECT_FALSE(LastSeen::unpack(packed + "x"));
}

TEST(LastSeen, LeavesOutAccountsBeyondItsBoundAndNoSources) {
  LastSeen seen;
  for (std::size_t i = 0; i < LastSeen::kMost + 10; ++i) seen.saw(Kind::kAccount, std::to_string(i), at(1));
  seen.saw(Kind::kAccount, "0", at(2));
  seen.saw(Kind::kSource, "org", at(2));
  EXPECT_EQ(seen.all().size(), LastSeen::kMost + 1);
  EXPECT_EQ(seen.left_out(), 10u);
}

}  // namespace
}  // namespace tripline::app
