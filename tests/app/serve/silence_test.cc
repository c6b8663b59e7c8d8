#include "app/serve/silence.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using std::chrono::hours;
using Kind = LastSeen::Kind;

constexpr engine::EventTime at(int hour) { return engine::EventTime{hours{hour}}; }

TEST(Silence, IsWhoUsedToSendOrIsExpectedToAndDoesNot) {
  LastSeen seen;
  seen.saw(Kind::kSource, "org", at(10));
  seen.saw(Kind::kAccount, "111122223333", at(20));
  SilenceOptions options;
  options.after = hours{24};
  options.expect = {{.kind = Kind::kSource, .name = "org", .after = hours{2}, .signal = true},
                    {.kind = Kind::kSource, .name = "never", .after = hours{5}}};
  const auto names_at = [&](int hour) {
    std::string names;
    for (const Silent& one : silent_ones(options, seen, at(9), at(hour))) names += one.name + " ";
    return names;
  };
  EXPECT_EQ(names_at(11), "");
  EXPECT_EQ(names_at(12), "org ") << "expected within two hours";
  EXPECT_EQ(names_at(14), "never org ") << "never seen, so it counts from the start";
  EXPECT_EQ(names_at(43), "never org ");
  EXPECT_EQ(names_at(44), "never org 111122223333 ");
  const auto silent = silent_ones(options, seen, at(9), at(13));
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent[0], (Silent{Kind::kSource, "org", at(10), at(12), true}));
  seen.saw(Kind::kSource, "org", at(13));
  EXPECT_EQ(names_at(14), "never ") << "it speaks again";
}

}  // namespace
}  // namespace tripline::app
