#include "app/diagnostic_text.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "app/printable.h"
#include "app/sarif.h"
#include "tests/app/captured_console.h"
#include "tests/support/places.h"

namespace tripline::app {
namespace {

TEST(PrintDiagnostic, ShowsThePlaceTheLineAndTheHint) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("rule.yml", "title: x\ndetection:\n\tsel|contians: ü\n");
  rules::Diagnostics diagnostics;
  diagnostics.add("unknown-modifier", {path, 3, 6}, "`contians` is no modifier", "did you mean `contains`?\nor not");
  CapturedConsole captured;
  SourceLines sources;
  print_diagnostic(diagnostics.all().front(), sources, captured.console(), Stream::kOut);
  EXPECT_EQ(captured.out(), path +
                                ":3:6: error[unknown-modifier]: `contians` is no modifier\n"
                                " 3 |  sel|contians: ü\n"
                                "   |      ^\n"
                                "  hint: did you mean `contains`?\n"
                                "        or not\n");
}

TEST(PrintDiagnostic, ShowsNoLineEnds) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("rule.yml", "a: b\r\nc: d\r\n");
  SourceLines sources;
  EXPECT_EQ(sources.line(path, 1), "a: b");
  EXPECT_EQ(sources.line(path, 2), "c: d");
}

TEST(PrintDiagnostic, CutsLongLinesAroundTheCaret) {
  const auto many = [](const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  const struct {
    std::string name, left, right, shows;
  } cases[] = {
      {"a line that fits is whole", many("a", 59), "X" + many("b", 40), many("a", 59) + "X" + many("b", 40)},
      {"the end is cut", "a: ", "X" + many("b", 300), "a: X" + many("b", 95) + "…"},
      {"the start is cut", many("a", 300), "X", "…" + many("a", 98) + "X"},
      {"both are cut", many("a", 300), "X" + many("b", 300), "…" + many("a", 49) + "X" + many("b", 48) + "…"},
      {"characters of many bytes are cut as wholes", many("ü", 300), "X" + many("日", 300),
       "…" + many("ü", 49) + "X" + many("日", 24) + "…"},
      {"megabytes", many("a", 3'000'000), "X" + many("b", 3'000'000), "…" + many("a", 49) + "X" + many("b", 48) + "…"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const tests::TemporaryFolder folder;
    const std::string path = folder.write("rule.yml", c.left + c.right + "\n");
    rules::Diagnostics diagnostics;
    diagnostics.add("yaml-syntax", {path, 1, static_cast<int>(c.left.size()) + 1}, "it is wrong");
    CapturedConsole captured;
    SourceLines sources;
    print_diagnostic(diagnostics.all().front(), sources, captured.console(), Stream::kOut);
    const std::string caret(display_width(c.shows.substr(0, c.shows.find('X'))), ' ');
    EXPECT_EQ(captured.out(), path + ":1:" + std::to_string(c.left.size() + 1) +
                                  ": error[yaml-syntax]: it is wrong\n 1 | " + c.shows + "\n   | " + caret + "^\n");
  }
}

TEST(PrintDiagnostic, DoesWithoutALineThatIsNotThere) {
  rules::Diagnostics diagnostics;
  diagnostics.add("unreadable-file", {"/no/such/file\x1b.yml", 0, 0}, "it cannot be read");
  diagnostics.add("yaml-syntax", {"/no/such/file.yml", 7, 0}, "it is wrong");
  CapturedConsole captured;
  SourceLines sources;
  for (const auto& diagnostic : diagnostics.all()) {
    print_diagnostic(diagnostic, sources, captured.console(), Stream::kOut);
  }
  EXPECT_EQ(captured.out(),
            "/no/such/file\\x1b.yml: error[unreadable-file]: it cannot be read\n"
            "/no/such/file.yml:7: error[yaml-syntax]: it is wrong\n");
}

TEST(ReportBrokenRules, NamesErrorsAloneAndCountsThem) {
  rules::Diagnostics diagnostics;
  diagnostics.add("missing-level", {"a.yml", 1, 1}, "a warning");
  for (int i = 0; i < 25; ++i) diagnostics.add("yaml-syntax", {"b.yml", i + 1, 1}, "an error");
  CapturedConsole captured;
  EXPECT_EQ(report_broken_rules(diagnostics, captured.console()), 25U);
  const std::string said = captured.err();
  EXPECT_EQ(said.find("a warning"), std::string::npos);
  EXPECT_TRUE(said.starts_with("b.yml:1:1: error[yaml-syntax]: an error\n")) << said;
  EXPECT_TRUE(said.ends_with("… and 5 more errors\n")) << said;
}

TEST(Sarif, GivesRulesResultsAndPlaces) {
  rules::Diagnostics diagnostics;
  diagnostics.add("unknown-modifier", {"my rules/ü.yml", 3, 6}, "\"contians\" is no modifier", "did you mean it?");
  diagnostics.add("missing-level", {"b.yml", 0, 0}, "no level");
  simdjson::dom::parser parser;
  const std::string text = sarif(diagnostics.all());
  simdjson::dom::element document;
  ASSERT_EQ(parser.parse(text).get(document), simdjson::SUCCESS) << text;
  EXPECT_EQ(std::string_view(document["version"]), "2.1.0");
  const auto run = document["runs"].at(0);
  EXPECT_EQ(run["tool"]["driver"]["rules"].get_array().value().size(), 2U);
  const auto first = run["results"].at(0);
  EXPECT_EQ(std::string_view(first["ruleId"]), "unknown-modifier");
  EXPECT_EQ(std::string_view(first["level"]), "error");
  EXPECT_EQ(std::string_view(first["message"]["text"]), "\"contians\" is no modifier\ndid you mean it?");
  const auto place = first["locations"].at(0)["physicalLocation"];
  EXPECT_EQ(std::string_view(place["artifactLocation"]["uri"]), "my%20rules/%C3%BC.yml");
  EXPECT_EQ(std::uint64_t(place["region"]["startLine"]), 3U);
  EXPECT_EQ(std::uint64_t(place["region"]["startColumn"]), 6U);
  const auto second = run["results"].at(1);
  EXPECT_EQ(std::string_view(second["level"]), "warning");
  EXPECT_EQ(second["locations"].at(0)["physicalLocation"]["region"].error(), simdjson::NO_SUCH_FIELD);
}

}  // namespace
}  // namespace tripline::app
