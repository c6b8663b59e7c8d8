#include "rules/diagnostic.h"

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::rules {
namespace {

TEST(DiagnosticCodes, AreKebabCaseAndDistinctAndHaveASentence) {
  std::set<std::string_view> seen;
  for (const auto& row : diagnostic_codes()) {
    SCOPED_TRACE(row.code);
    EXPECT_TRUE(seen.insert(row.code).second);
    for (const char c : row.code) EXPECT_TRUE(std::islower(c) || std::isdigit(c) || c == '-');
    ASSERT_FALSE(row.meaning.empty());
    EXPECT_TRUE(row.meaning.ends_with('.'));
  }
}

TEST(Diagnostics, LeaveTheMiddleOfLongSentencesOut) {
  Diagnostics diagnostics;
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "ü";
  diagnostics.add("bad-id", {}, "the id `" + many + "` is no UUID", "write `" + many + "`");
  diagnostics.add("bad-id", {}, "short", "---\n" + many);
  const auto& cut = diagnostics.all()[0];
  EXPECT_TRUE(cut.message.starts_with("the id `ü")) << cut.message;
  EXPECT_TRUE(cut.message.ends_with("ü` is no UUID")) << cut.message;
  EXPECT_NE(cut.message.find("ü…ü"), std::string::npos) << cut.message;
  EXPECT_LE(cut.message.size(), 400U);
  EXPECT_LE(cut.hint.size(), 400U);
  EXPECT_EQ(diagnostics.all()[1].message, "short");
  EXPECT_EQ(diagnostics.all()[1].hint, "---\n" + many) << "YAML to paste";
}

TEST(DidYouMean, FindsWhatIsAtMostTwoEditsAway) {
  const std::vector<std::string_view> modifiers = {"contains", "startswith", "endswith", "all", "gt", "gte"};
  const struct {
    std::string_view word;
    std::string_view meant;
  } cases[] = {
      {"contains", "contains"},
      {"contain", "contains"},
      {"cotnains", "contains"},
      {"CONTAINS", "contains"},
      {"conains", "contains"},
      {"startwsith", "startswith"},
      {"endswtih", "endswith"},
      {"containsxyz", ""},
      {"al", "all"},
      {"gtee", "gte"},
      {"xyz", ""},
      {"", ""},
      {"lt", "gt"},
      {"re", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(did_you_mean(c.word, modifiers), c.meant) << c.word;
}

TEST(DidYouMean, GivesUpOnWordsThatNobodyTypes) {
  const std::vector<std::string_view> candidates = {"contains"};
  EXPECT_EQ(did_you_mean(std::string(1'000'000, 'c'), candidates), "");
}

TEST(Diagnostics, SortByPlaceAndKeepTheOrderOfFindingWithinOne) {
  Diagnostics all;
  all.add("yaml-syntax", {"b.yml", 1, 1}, "fourth");
  all.add("yaml-syntax", {"a.yml", 10, 1}, "third");
  all.add("missing-level", {"a.yml", 2, 5}, "first");
  all.add("yaml-syntax", {"a.yml", 2, 5}, "second");
  all.sort();
  std::vector<std::string> messages;
  for (const auto& diagnostic : all.all()) messages.push_back(diagnostic.message);
  EXPECT_EQ(messages, (std::vector<std::string>{"first", "second", "third", "fourth"}));
  EXPECT_EQ(all.errors(), 3U);
}

/// A bar would end the cell.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

std::string page_of_codes() {
  std::string page =
      "# Diagnostics\n"
      "\n"
      "What `tripline check` says of rule files, and `tripline config check` of the configuration, by code. Codes are\n"
      "stable. A rule document with an error is left out, all others load; a configuration with one is refused; a\n"
      "warning changes nothing. This page is written from the table in `rules/diagnostic.cc`; a test holds it to "
      "that,\n"
      "and writes it anew when it is run with `REGENERATE=1`.\n"
      "\n"
      "| code | | meaning |\n"
      "|---|---|---|\n";
  for (const auto& row : diagnostic_codes()) {
    page += "| `" + std::string(row.code) + "` | " + (row.severity == Severity::kError ? "error" : "warning") + " | " +
            cell(row.meaning) + " |\n";
  }
  return page;
}

TEST(DiagnosticCodes, AreAllOnTheirPage) {
  const auto path = tests::repository() / "docs" / "diagnostics.md";
  if (std::getenv("REGENERATE")) std::ofstream(path) << page_of_codes();
  EXPECT_EQ(tests::read_file(path), page_of_codes())
      << "docs/diagnostics.md is behind rules/diagnostic.cc: run this test with REGENERATE=1";
}

}  // namespace
}  // namespace tripline::rules
