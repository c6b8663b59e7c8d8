#include "rules/support_table.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "rules/document_reader.h"
#include "rules/lowering.h"
#include "rules/modifiers.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;

const Lists kLists = {{"admins", {"alice"}}, {"networks", {"10.0.0.0/8"}}};

/// The first error in a rule file.
struct Said {
  std::string code;
  std::string message;
};
std::optional<Said> first_error(std::string_view text, const std::string& path) {
  engine::RuleSet rules;
  FileDocuments file = read_documents(text, path);
  Diagnostics all = std::move(file.diagnostics);
  for (const Document& document : file.documents) {
    const auto* rule = std::get_if<DetectionRule>(&document);
    if (rule != nullptr) lower(rule->body, rule->rule.title, kLists, {}, rules, all);
  }
  for (const Diagnostic& diagnostic : all.all()) {
    if (diagnostic.code->severity == Severity::kError)
      return Said{std::string(diagnostic.code->code), diagnostic.message};
  }
  return std::nullopt;
}

std::string indented(std::string_view text) {
  std::string lines = "    ";
  for (const char c : text) lines += c == '\n' ? "\n    " : std::string(1, c);
  return lines + "\n";
}

std::optional<Said> compile_rule(std::string_view searches, std::string_view condition) {
  return first_error("title: A title\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n" +
                         std::string(searches) + "  condition: '" + std::string(condition) + "'\n",
                     "rule.yml");
}

std::optional<Said> compile_value(std::string_view example) {
  return compile_rule("  selection:\n" + indented(example), "selection");
}

std::optional<Said> compile_condition(std::string_view example) {
  std::string searches;
  for (const std::string name : {"selection", "selection_a", "filter_a", "filter_b", "_hidden"}) {
    searches += "  " + name + ":\n    " + name + ": 1\n";
  }
  return compile_rule(searches, example);
}

std::optional<Said> compile_correlation(std::string_view example) {
  std::string lines = "  ";
  for (const char c : example) lines += c == '\n' ? "\n  " : std::string(1, c);
  return first_error("title: A title\ncorrelation:\n" + lines + "\n", "rule.yml");
}

TEST(SupportTable, EveryExampleOfWhatIsSupportedCompiles) {
  for (const auto& forms : {value_forms(), chain_forms()}) {
    for (const SupportedForm& form : forms) {
      const auto error = compile_value(form.example);
      EXPECT_FALSE(error) << form.example << ": " << error->code << ": " << error->message;
    }
  }
  for (const SupportedForm& form : condition_forms()) {
    const auto error = compile_condition(form.example);
    EXPECT_FALSE(error) << form.example << ": " << error->code << ": " << error->message;
  }
  for (const SupportedForm& form : correlation_forms()) {
    const auto error = compile_correlation(form.example);
    EXPECT_FALSE(error) << form.example << ": " << error->code << ": " << error->message;
  }
  for (const CorrelationTypeRow& type : kCorrelationTypes) {
    const auto error = compile_correlation(correlation_example(type));
    EXPECT_FALSE(error) << type.name << ": " << error->code << ": " << error->message;
  }
}

TEST(SupportTable, EveryExampleOfWhatIsRefusedIsRefusedWithItsCode) {
  for (const RefusedForm& form : refused_values()) {
    const auto error = compile_value(form.example);
    EXPECT_EQ(error ? error->code : "compiles", form.code) << form.example;
  }
  for (const RefusedForm& form : refused_conditions()) {
    const auto error = compile_condition(form.example);
    EXPECT_EQ(error ? error->code : "compiles", form.code) << form.example;
  }
  for (const RefusedForm& form : refused_correlations()) {
    const auto error = compile_correlation(form.example);
    EXPECT_EQ(error ? error->code : "compiles", form.code) << form.example;
  }
}

constexpr std::string_view kPublicRules = "## Public rules\n";

fs::path page() { return tests::repository() / "docs" / "sigma-support.md"; }

/// The page up to the public rules, and what is from there on.
std::pair<std::string, std::string> page_parts() {
  const std::string text = fs::exists(page()) ? tests::read_file(page()) : "";
  const std::size_t at = std::min(text.find(kPublicRules), text.size());
  return {text.substr(0, at), text.substr(at)};
}

void regenerate(const std::string& tables, const std::string& public_rules) {
  if (std::getenv("REGENERATE") != nullptr) std::ofstream(page()) << tables << public_rules;
}

TEST(SupportTable, ItsPageIsWhatTheTablesSay) {
  regenerate(support_table(), page_parts().second);
  EXPECT_EQ(page_parts().first, support_table())
      << "docs/sigma-support.md is behind the tables: run this test with REGENERATE=1";
}

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

/// Compiles every rule file below `folder`; a line of the page's table, and one for each that is refused.
struct Census {
  std::string row;
  std::string refused;
};
Census take_census(std::string_view name, const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Census census;
  std::size_t compile = 0;
  for (const fs::path& file : files) {
    const auto error = first_error(tests::read_file(file), file.filename());
    compile += error ? 0 : 1;
    if (error)
      census.refused += "| " + file.filename().string() + " | `" + error->code + "` | " + cell(error->message) + " |\n";
  }
  census.row =
      "| " + std::string(name) + " | " + std::to_string(files.size()) + " | " + std::to_string(compile) + " |\n";
  return census;
}

TEST(SupportTable, ItsPageNamesThePublicRulesThatDoNotCompile) {
  if (!fs::exists(tests::shared("data/sigma"))) GTEST_SKIP() << tests::missing("data/sigma");
  const tests::TemporaryFolder folder;
  const std::string archive = tests::shared("data/sigma/all-rules.tar.gz").string();
  ASSERT_EQ(std::system(("tar -xzf '" + archive + "' -C '" + folder.path().string() + "'").c_str()), 0);

  const Census censuses[] = {
      take_census("`rules`, `rules-threat-hunting`, `rules-emerging-threats`", folder.path()),
      take_census("`rules/cloud/aws`", tests::shared("data/sigma/aws/rules")),
      take_census("`rules-placeholder`, on CloudTrail", tests::shared("data/sigma/aws/placeholder")),
      take_census("`unsupported`, on CloudTrail", tests::shared("data/sigma/aws/old-aggregation")),
  };
  std::string expected = std::string(kPublicRules) +
                         "\n"
                         "SigmaHQ's rules at commit 8eaafff1f, for whatever product, compiled without any list:\n"
                         "\n"
                         "| folder | files | compile |\n"
                         "|---|--:|--:|\n";
  std::string refused;
  for (const Census& census : censuses) {
    expected += census.row;
    refused += census.refused;
  }
  expected += "\nThose that do not:\n\n| file | code | why |\n|---|---|---|\n" + refused;

  regenerate(page_parts().first, expected);
  EXPECT_EQ(page_parts().second, expected)
      << "docs/sigma-support.md is behind the compiler: run this test with REGENERATE=1";
}

}  // namespace
}  // namespace tripline::rules
