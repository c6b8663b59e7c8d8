#include "alerts/silences.h"

#include <gtest/gtest.h>

#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using tests::noon;

Silence silence(const std::string& id = "a") {
  return {.id = id,
          .match = {.rule = {"rule"}, .account = {"111122223333", "payments-*"}},
          .from = noon(),
          .until = noon() + hours{2},
          .made = noon(),
          .by = "alice",
          .comment = "we move house"};
}

std::vector<RoutingRow> rows_of(Silences& silences) {
  std::vector<RoutingRow> rows;
  silences.take_rows(rows);
  return rows;
}

TEST(Silence, IsRefusedWhenItNeverEndsOrSilencesEverything) {
  struct Case {
    std::string_view name;
    void (*change)(Silence&);
    std::string_view says;  // empty: it is good
  };
  const Case cases[] = {
      {"as it is", [](Silence&) {}, ""},
      {"it begins later", [](Silence& s) { s.from += hours{1}; }, ""},
      {"for as long as it may", [](Silence& s) { s.until = noon() + Silence::kLongest; }, ""},
      {"for longer", [](Silence& s) { s.until = noon() + Silence::kLongest + minutes{1}; }, "lasts 90d at most"},
      {"for ever", [](Silence& s) { s.until = engine::EventTime::max(); }, "lasts 90d at most"},
      {"it begins in a year", [](Silence& s) { s.from += hours{24 * 365}, s.until = s.from + hours{1}; },
       "begins within 90d"},
      {"it ends before it begins", [](Silence& s) { s.until = s.from; }, "ends after it begins"},
      {"it has ended", [](Silence& s) { s.from -= hours{9}, s.until = noon(); }, "ends in the future"},
      {"of nothing", [](Silence& s) { s.match = {}; }, "is for something"},
      {"of everything", [](Silence& s) { s.match = {.actor = {"**"}}; }, "would silence everything"},
      {"a name without letters", [](Silence& s) { s.match.rule = {""}; }, "from 1 to 1024 bytes"},
      {"a long name", [](Silence& s) { s.match.rule = {std::string(1025, 'r')}; }, "from 1 to 1024 bytes"},
      {"many names", [](Silence& s) { s.match.rule = std::vector<std::string>(101, "r"); }, "more than 100 names"},
      {"nobody says why", [](Silence& s) { s.comment.clear(); }, "has a comment"},
      {"somebody says much", [](Silence& s) { s.comment = std::string(1025, 'c'); }, "at most 1024 bytes"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Silence made = silence();
    c.change(made);
    const auto good = check(made, noon());
    EXPECT_EQ(good.has_value(), c.says.empty());
    if (good) continue;
    EXPECT_NE(good.error().message.find(c.says), std::string::npos) << good.error().message;
  }
}

TEST(Silence, SaysWhatItIsForAndInWhichStateItIs) {
  EXPECT_EQ(match_words(silence().match), "rule is rule, account.id is 111122223333 or payments-*");
  EXPECT_EQ(silence().state(noon() - minutes{1}), "pending");
  EXPECT_EQ(silence().state(noon()), "active");
  EXPECT_EQ(silence().state(noon() + hours{2}), "ended");
  Silence other = silence();
  other.made += std::chrono::milliseconds{1};
  EXPECT_NE(silence_id(other), silence_id(silence()));
  EXPECT_EQ(silence_id(silence()).size(), 16u);
}

TEST(Silences, CoverSignalsOnlyWhileTheyAreActive) {
  Silences silences(10);
  ASSERT_TRUE(silences.put(silence(), noon()));
  const auto traits = SignalTraits::of(*tests::made({}), nullptr);
  EXPECT_FALSE(silences.cover(traits, noon() - minutes{1}));
  EXPECT_TRUE(silences.cover(traits, noon()));
  EXPECT_FALSE(silences.cover(SignalTraits::of(*tests::made({.rule = "other"}), nullptr), noon()));
  EXPECT_FALSE(silences.cover(SignalTraits::of(*tests::made({.accounts = {"111122223333", "1"}}), nullptr), noon()))
      << "it is about another account, too";
  EXPECT_FALSE(silences.cover(traits, noon() + hours{2}));
  EXPECT_EQ(silences.active(noon()), 1u);
}

TEST(Silences, EndEarlyAndAreForgottenAMonthLater) {
  Silences silences(10);
  ASSERT_TRUE(silences.put(silence(), noon()));
  EXPECT_FALSE(silences.end("b", noon() + minutes{5}));
  ASSERT_TRUE(silences.end("a", noon() + minutes{5}));
  EXPECT_FALSE(silences.end("a", noon() + minutes{6})) << "it has ended";
  EXPECT_EQ(silences.all().front().until, noon() + minutes{5});
  silences.forget_old(noon() + minutes{4} + Silences::kKept);
  EXPECT_EQ(silences.all().size(), 1u);
  rows_of(silences);
  silences.forget_old(noon() + minutes{5} + Silences::kKept);
  EXPECT_TRUE(silences.all().empty());
  const auto rows = rows_of(silences);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_FALSE(rows.front().blob.has_value());
}

TEST(Silences, AreThereAgainAfterAStart) {
  Silences silences(10), again(10);
  ASSERT_TRUE(silences.put(silence("a"), noon()));
  Silence later = silence("b");
  later.until += hours{1};
  later.match = {.level = {"low"}, .actor = {"*/Admin"}, .origin_kind = {"human", "root"}};
  ASSERT_TRUE(silences.put(later, noon()));
  for (const auto& row : rows_of(silences)) {
    EXPECT_TRUE(again.restore(*row.blob));
    for (std::size_t size = 0; size < row.blob->size(); ++size) {
      EXPECT_FALSE(again.restore(row.blob->substr(0, size))) << "cut at " << size;
    }
  }
  EXPECT_EQ(again.all(), silences.all());
  EXPECT_EQ(again.all().front().id, "b") << "the one that ends last is first";
}

TEST(Silences, AreOnlySoMany) {
  Silences silences(1);
  ASSERT_TRUE(silences.put(silence("a"), noon()));
  EXPECT_TRUE(silences.put(silence("a"), noon())) << "it is changed";
  EXPECT_FALSE(silences.put(silence("b"), noon()));
}

}  // namespace
}  // namespace tripline::alerts
