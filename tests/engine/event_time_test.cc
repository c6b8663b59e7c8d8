#include "engine/event_time.h"

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(EventTime, EveryFormOfATimeIsReadAsTheSameMoment) {
  const struct {
    std::string_view text;
    std::string_view written;  // empty: refused
  } cases[] = {
      {"2026-01-15T10:11:12Z", "2026-01-15T10:11:12Z"},
      {"2026-01-15T10:11:12.5Z", "2026-01-15T10:11:12.500Z"},
      {"2026-01-15T10:11:12.123456Z", "2026-01-15T10:11:12.123Z"},
      {"2026-01-15 10:11:12", "2026-01-15T10:11:12Z"},
      {"2026-01-15T11:11:12+01:00", "2026-01-15T10:11:12Z"},
      {"2026-01-15T09:11:12-0100", "2026-01-15T10:11:12Z"},
      {"20131102T010628Z", "2013-11-02T01:06:28Z"},
      {"2026-01-15T10:11", "2026-01-15T10:11:00Z"},
      {"2026-01-15", "2026-01-15T00:00:00Z"},
      {"2024-02-29", "2024-02-29T00:00:00Z"},
      {"2023-02-29", ""},
      {"2026-01-15T24:00:00Z", ""},
      {"2026-01-15T10:11:12Zx", ""},
      {"2026-01-15T10:11:12.Z", ""},
      {"yesterday", ""},
      {"", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto time = parse_time(c.text);
    ASSERT_EQ(time.has_value(), !c.written.empty());
    if (time) {
      EXPECT_EQ(format_time(*time), c.written);
    }
  }
}

}  // namespace
}  // namespace tripline::engine
