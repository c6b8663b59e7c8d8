#include "app/moment.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

TEST(ParseMoment, ReadsTimesDatesAndSpansBeforeNow) {
  const auto now = engine::parse_time("2026-01-15T12:00:00Z").value();
  const struct {
    std::string_view text;
    std::string_view moment;  // empty: none
  } cases[] = {
      {"2026-01-14T10:11:12Z", "2026-01-14T10:11:12Z"},
      {"2026-01-14T10:11:12+01:00", "2026-01-14T09:11:12Z"},
      {"2026-01-14", "2026-01-14T00:00:00Z"},
      {"2h", "2026-01-15T10:00:00Z"},
      {"30m", "2026-01-15T11:30:00Z"},
      {"90s", "2026-01-15T11:58:30Z"},
      {"7d", "2026-01-08T12:00:00Z"},
      {"1w", "2026-01-08T12:00:00Z"},
      {"2026-13-01", ""},
      {"2026-02-30", ""},
      {"yesterday", ""},
      {"h", ""},
      {"-2h", ""},
      {"2 h", ""},
      {"", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto moment = parse_moment(c.text, now);
    EXPECT_EQ(moment ? engine::format_time(*moment) : "", c.moment);
  }
}

TEST(Span, HoldsItsBeginningAndNotItsEnd) {
  const auto at = [](std::string_view text) { return engine::parse_time(text).value(); };
  const Span span{at("2026-01-15T00:00:00Z"), at("2026-01-16T00:00:00Z")};
  EXPECT_FALSE(span.holds(at("2026-01-14T23:59:59Z")));
  EXPECT_TRUE(span.holds(at("2026-01-15T00:00:00Z")));
  EXPECT_TRUE(span.holds(at("2026-01-15T23:59:59Z")));
  EXPECT_FALSE(span.holds(at("2026-01-16T00:00:00Z")));
  EXPECT_TRUE(Span{}.holds(at("2026-01-16T00:00:00Z")));
}

}  // namespace
}  // namespace tripline::app
