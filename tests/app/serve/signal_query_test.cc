#include "app/serve/signal_query.h"

#include <gtest/gtest.h>

#include "tests/app/serve/some_signals.h"

namespace tripline::app {
namespace {

using engine::EventTime;
using std::chrono::minutes;

constexpr EventTime kNow = SomeSignals::kNow;

TEST(SignalQuery, ReadsEveryParameter) {
  const auto read = read_signal_query(
      "rule=r%201&level=high&state=acknowledged&account=111122223333&actor=alice&since=2h&until=2026-12-01T10:00:00Z&"
      "text=Root&limit=7&cursor=0000000000000005000000000000000000000000000000ff",
      kNow);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->rule, "r 1");
  EXPECT_EQ(read->level, engine::Level::kHigh);
  EXPECT_EQ(read->state, SignalQuery::State::kAcknowledged);
  EXPECT_EQ(read->account, "111122223333");
  EXPECT_EQ(read->actor, "alice");
  EXPECT_EQ(read->since, kNow - std::chrono::hours{2});
  EXPECT_EQ(read->until, engine::parse_time("2026-12-01T10:00:00Z"));
  EXPECT_EQ(read->text, "root");
  EXPECT_EQ(read->limit, 7u);
  EXPECT_EQ(read->before, (engine::store::SignalPlace{EventTime{std::chrono::milliseconds{5}}, {0, 255}}));
  EXPECT_EQ(read_signal_query("", kNow)->limit, 50u);
}

TEST(SignalQuery, RefusesWhatItDoesNotKnowAndSaysWhat) {
  const struct {
    std::string_view query, says;
  } cases[] = {
      {"levels=high", "rule, level, state"},
      {"level=grave", "`level` takes informational, low, medium, high or critical"},
      {"level=high&level=low", "`level` is there twice"},
      {"state=", "`state` takes open, closed or acknowledged"},
      {"rule=", "`rule` takes"},
      {"since=yesterday", "`since` takes"},
      {"limit=0", "`limit` takes a number from 1 to 500"},
      {"limit=501", "`limit`"},
      {"limit=5x", "`limit`"},
      {"limit=-5", "`limit`"},
      {"cursor=1", "`cursor` takes the `next`"},
      {"cursor=000000000000000500000000000000000000000000000gff", "`cursor`"},
  };
  for (const auto& c : cases) {
    const auto read = read_signal_query(c.query, kNow);
    ASSERT_FALSE(read) << c.query;
    EXPECT_NE(read.error().message.find(c.says), std::string::npos) << c.query << ": " << read.error().message;
  }
}

TEST(SignalQuery, AsksForWhatFitsAllThatItNames) {
  const SomeSignals some;
  engine::Signal open = some.make(1, engine::Level::kHigh, 30), closed = some.make(2, engine::Level::kLow, 90, true);
  for (auto* signal : {&open, &closed}) {
    signal->accounts = {"111122223333", "444455556666"};
    signal->actors = {"alice"};
  }
  using Kind = Note::Kind;
  const std::vector<Note> none, acknowledged{{Kind::kAcknowledged, kNow, "bob", ""}},
      both{{Kind::kAcknowledged, kNow, "bob", ""}, {Kind::kClosed, kNow, "bob", ""}},
      again{{Kind::kClosed, kNow, "bob", ""}, {Kind::kAcknowledged, kNow, "bob", ""}};
  const struct {
    std::string query;
    const engine::Signal& signal;
    const std::vector<Note>& notes;
    bool asked_for;
  } cases[] = {
      {"", open, none, true},
      {"rule=rule-high", open, none, true},
      {"rule=rule-hig", open, none, false},
      {"level=medium", open, none, true},
      {"level=high", open, none, true},
      {"level=critical", open, none, false},
      {"account=444455556666", open, none, true},
      {"account=4444", open, none, false},
      {"actor=alice", open, none, true},
      {"actor=bob", open, none, false},
      {"since=30m", open, none, true},
      {"since=29m", open, none, false},
      {"until=30m", open, none, false},
      {"until=29m", open, none, true},
      {"text=SOME%20text", open, none, true},
      {"text=other", open, none, false},
      {"level=high&actor=bob", open, none, false},
      {"state=open", open, none, true},
      {"state=open", open, acknowledged, true},
      {"state=open", open, both, false},
      {"state=open", closed, none, false},
      {"state=closed", open, none, false},
      {"state=closed", open, both, true},
      {"state=closed", closed, none, true},
      {"state=closed", closed, acknowledged, true},
      {"state=closed", open, again, false},
      {"state=acknowledged", open, none, false},
      {"state=acknowledged", open, acknowledged, true},
      {"state=acknowledged", closed, acknowledged, true},
      {"state=acknowledged", open, both, false},
      {"state=acknowledged", open, again, true},
  };
  for (const auto& c : cases) {
    const auto query = read_signal_query(c.query, kNow);
    ASSERT_TRUE(query) << c.query;
    EXPECT_EQ(asks_for(*query, c.signal, c.notes, [] { return "{\"Some Text\"}"; }), c.asked_for)
        << c.query << (c.signal.closed ? " closed " : " open ") << c.notes.size();
  }
}

TEST(SignalQuery, GoesOnWhereACursorSays) {
  for (const std::int64_t time : {std::int64_t{0}, std::int64_t{1'800'000'000'123}, std::int64_t{-1}, INT64_MAX}) {
    const engine::store::SignalPlace place{EventTime{std::chrono::milliseconds{time}}, {UINT64_MAX, 7}};
    EXPECT_EQ(place_of_cursor(cursor_of(place)), place) << time;
  }
}

}  // namespace
}  // namespace tripline::app
