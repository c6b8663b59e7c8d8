#include "app/serve/silence_watch.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using engine::ErrorCode;
using engine::EventTime;
using engine::Result;
using std::chrono::hours;
using std::chrono::seconds;

constexpr EventTime kNow{hours{500'000}};

LiveStatus seen_at(EventTime time) {
  LiveStatus live;
  live.sources["org"].last_delivery = time;
  return live;
}

struct Mark {
  std::string value;
  int writes = 0;
  bool fails = false;
  std::function<Result<void>(const std::string&)> put() {
    return [this](const std::string& written) -> Result<void> {
      if (fails) return engine::fail(ErrorCode::kStore, "the disk is full");
      value = written;
      ++writes;
      return {};
    };
  }
};

TEST(SilenceWatch, WritesWhatChangedOnceAMinuteAndAtTheEnd) {
  Mark mark;
  SilenceWatch watch({}, kNow, mark.put());
  const auto look = [&](int second, bool last = false) {
    const EventTime now = kNow + seconds{second};
    return watch.look(seen_at(now), now, last);
  };
  EXPECT_TRUE(look(0));
  EXPECT_EQ(mark.writes, 1);
  EXPECT_TRUE(look(59));
  EXPECT_EQ(mark.writes, 1);
  EXPECT_TRUE(look(60));
  EXPECT_EQ(mark.writes, 2);
  EXPECT_TRUE(look(70, true));
  EXPECT_EQ(mark.writes, 3);
  EXPECT_TRUE(watch.look(seen_at(kNow + seconds{70}), kNow + hours{1}));
  EXPECT_EQ(mark.writes, 3) << "nothing has changed";
}

TEST(SilenceWatch, GoesOnAfterARestart) {
  Mark mark;
  SilenceWatch before({}, kNow, mark.put());
  EXPECT_TRUE(before.look(seen_at(kNow), kNow));
  SilenceWatch after({}, kNow + hours{20}, mark.put());
  ASSERT_TRUE(after.restore(mark.value));
  EXPECT_TRUE(after.silent(kNow + hours{23}).empty());
  const auto silent = after.silent(kNow + hours{25});
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent[0].since, kNow);
  EXPECT_FALSE(after.restore("damaged"));
  EXPECT_EQ(after.last_seen().all().size(), 1u) << "it keeps what it has";
}

TEST(SilenceWatch, ForgetsWhoIsGoneForGood) {
  Mark mark;
  SilenceWatch watch({}, kNow, mark.put());
  EXPECT_TRUE(watch.look(seen_at(kNow), kNow));
  EXPECT_TRUE(watch.look(seen_at(kNow), kNow + hours{720}));
  EXPECT_EQ(watch.silent(kNow + hours{720}).size(), 1u);
  EXPECT_TRUE(watch.look(seen_at(kNow), kNow + hours{721}));
  EXPECT_TRUE(watch.silent(kNow + hours{721}).empty());
  EXPECT_EQ(LastSeen::unpack(mark.value)->all().size(), 0u);
}

TEST(SilenceWatch, TriesAgainWhenItCouldNotWrite) {
  Mark mark;
  SilenceWatch watch({}, kNow, mark.put());
  mark.fails = true;
  EXPECT_FALSE(watch.look(seen_at(kNow), kNow));
  mark.fails = false;
  EXPECT_TRUE(watch.look(seen_at(kNow), kNow + seconds{1}));
  EXPECT_EQ(mark.writes, 1);
}

TEST(SilenceWatch, TellsOnceOfEachSilenceThatIsToOpenASignal) {
  Mark mark;
  SilenceOptions options;
  options.expect = {{.kind = LastSeen::Kind::kSource, .name = "org", .after = hours{2}, .signal = true},
                    {.kind = LastSeen::Kind::kSource, .name = "other", .after = hours{2}}};
  SilenceWatch watch(options, kNow, mark.put());
  EXPECT_TRUE(watch.look(seen_at(kNow), kNow));
  bool takes = true;
  const auto told_at = [&](EventTime now) {
    std::string told;
    watch.tell(now, [&](const Silent& one) {
      told += one.name + " since " + engine::format_time(one.since).substr(11, 5) + " ";
      return takes;
    });
    return told;
  };
  EXPECT_EQ(told_at(kNow + hours{1}), "");
  takes = false;
  EXPECT_EQ(told_at(kNow + hours{2}), "org since 08:00 ");
  takes = true;
  EXPECT_EQ(told_at(kNow + hours{2}), "org since 08:00 ") << "what could not be told is told again";
  EXPECT_EQ(told_at(kNow + hours{3}), "");
  EXPECT_TRUE(watch.look(seen_at(kNow + hours{4}), kNow + hours{4}));
  EXPECT_EQ(told_at(kNow + hours{5}), "");
  EXPECT_EQ(told_at(kNow + hours{6}), "org since 12:00 ") << "another silence";
  SilenceWatch after(options, kNow + hours{30}, mark.put());
  ASSERT_TRUE(after.restore(mark.value));
  int old = 0;
  after.tell(kNow + hours{30}, [&](const Silent&) { return ++old > 0; });
  EXPECT_EQ(old, 0) << "it is too old to be told once more";
}

}  // namespace
}  // namespace tripline::app
