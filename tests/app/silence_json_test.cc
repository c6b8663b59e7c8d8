#include "app/silence_json.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using std::chrono::hours;

const engine::EventTime kNow = *engine::parse_time("2026-01-15T12:00:00Z");

TEST(SilenceJson, IsReadAsItIsWritten) {
  const std::string match =
      R"("match":{"level":["low"],"rule":["a-*"],"account.id":["111122223333"],"actor.name":["bob"]})";
  const struct {
    std::string body;
    engine::EventTime from, until;
  } cases[] = {
      {"{" + match + R"(,"for":"2h","by":"alice","comment":"why"})", kNow, kNow + hours{2}},
      {"{" + match + R"(,"until":"2026-01-15T14:00:00Z","by":"alice","comment":"why"})", kNow, kNow + hours{2}},
      {"{" + match + R"(,"from":"2026-01-16T12:00:00Z","for":"1d","by":"alice","comment":"why"})", kNow + hours{24},
       kNow + hours{48}},
  };
  for (const auto& c : cases) {
    const auto silence = read_silence(c.body, kNow);
    ASSERT_TRUE(silence) << silence.error().message;
    EXPECT_EQ(silence->from, c.from);
    EXPECT_EQ(silence->until, c.until);
    EXPECT_EQ(silence->made, kNow);
    EXPECT_EQ(silence->match,
              (alerts::SignalMatch{.level = {"low"}, .rule = {"a-*"}, .account = {"111122223333"}, .actor = {"bob"}}));
    engine::JsonText json;
    write_silence(*silence, kNow, json);
    EXPECT_EQ(json.take(), R"({"id":")" + silence->id + R"(","state":")" + std::string(silence->state(kNow)) + R"(",)" +
                               match + R"(,"from":")" + engine::format_time(c.from) + R"(","until":")" +
                               engine::format_time(c.until) +
                               R"(","made":"2026-01-15T12:00:00Z","by":"alice","comment":"why"})");
  }
}

TEST(SilenceJson, SaysWhatIsWrong) {
  const std::string head = R"({"match":{"rule":["a"]},"comment":"why",)";
  const struct {
    std::string body;
    std::string_view says;
  } cases[] = {
      {"", "the body is"},
      {"[]", "the body is"},
      {R"({"for":"2h","comment":"why"})", "is for something"},
      {R"({"match":["a"],"for":"2h"})", "`match` is an object"},
      {R"({"match":{"rules":["a"]},"for":"2h"})", "`match` has level, outcome, rule"},
      {R"({"match":{"rule":"a"},"for":"2h"})", "`rule` is a list of texts"},
      {R"({"match":{"rule":[1]},"for":"2h"})", "`rule` is a list of texts"},
      {R"({"match":{"rule":["a"]},"for":"2h"})", "has a comment"},
      {head + R"("for":2})", "`for` is not known, or no text"},
      {head + R"("for":"soon"})", "`for`"},
      {head + R"("for":"0s"})", "ends after it begins"},
      {head + R"("for":"91d"})", "lasts 90d at most"},
      {head + R"("for":"900000w"})", "lasts 90d at most"},
      {head + R"("until":"tomorrow"})", "`until` is a time"},
      {head + R"("until":"2026-01-15T11:00:00Z"})", "ends after it begins"},
      {head + R"("from":"2026-01-15T11:00:00Z"})", "a silence ends: give one of"},
      {head + R"("for":"1h","until":"2026-01-15T14:00:00Z"})", "a silence ends: give one of"},
      {head + R"("for":"1h","why":"x"})", "`why` is not known"},
  };
  for (const auto& c : cases) {
    const auto silence = read_silence(c.body, kNow);
    ASSERT_FALSE(silence) << c.body;
    EXPECT_EQ(silence.error().code, engine::ErrorCode::kBadInput);
    EXPECT_NE(silence.error().message.find(c.says), std::string::npos) << silence.error().message;
  }
}

}  // namespace
}  // namespace tripline::app
