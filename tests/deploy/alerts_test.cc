// The alert rules, their tests and docs/runbook.md go together.

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/promql.h"

namespace tripline {
namespace {

namespace fs = std::filesystem;

fs::path folder() { return tests::repository() / "deploy" / "prometheus"; }

std::map<std::string, YAML::Node> alerts() {
  std::map<std::string, YAML::Node> alerts;
  const YAML::Node file = YAML::LoadFile((folder() / "tripline.rules.yml").string());
  for (const auto& group : file["groups"]) {
    for (const auto& rule : group["rules"]) alerts.emplace(rule["alert"].as<std::string>(), rule);
  }
  return alerts;
}

/// What docs/runbook.md says under each heading of the third rank.
std::map<std::string, std::string> sections() {
  std::map<std::string, std::string> sections;
  std::string* section = nullptr;
  for (const std::string& line : tests::lines_of(tests::read_file(tests::repository() / "docs" / "runbook.md"))) {
    if (line.starts_with("### ")) {
      section = &sections[line.substr(4)];
    } else if (line.starts_with("## ")) {
      section = nullptr;
    } else if (section) {
      *section += line + "\n";
    }
  }
  return sections;
}

TEST(Alerts, HaveASectionOfTheRunbookEachAndNoSectionIsWithoutAnAlert) {
  const auto all = alerts();
  const auto told = sections();
  EXPECT_GT(all.size(), 20U);
  for (const auto& [name, rule] : all) {
    SCOPED_TRACE(name);
    const auto section = told.find(name);
    ASSERT_NE(section, told.end()) << "docs/runbook.md has no section of it";
    EXPECT_NE(section->second.find("```sh\n"), std::string::npos) << "no command";
    std::string anchor = name;
    for (char& c : anchor) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(rule["annotations"]["runbook_url"].as<std::string>(), "docs/runbook.md#" + anchor);
    EXPECT_NE(rule["annotations"]["summary"].as<std::string>(""), "");
    EXPECT_NE(rule["annotations"]["description"].as<std::string>(""), "");
    const auto severity = rule["labels"]["severity"].as<std::string>("");
    EXPECT_TRUE(severity == "critical" || severity == "warning" || severity == "info") << severity;
  }
  for (const auto& [name, text] : told) EXPECT_TRUE(all.contains(name)) << name << " is no alert";
}

TEST(Alerts, FireInSomeTestOfPromtool) {
  std::set<std::string> fired;
  const YAML::Node file = YAML::LoadFile((folder() / "tripline.test.yml").string());
  for (const auto& test : file["tests"]) {
    for (const auto& query : test["promql_expr_test"]) {
      for (const auto& sample : query["exp_samples"]) {
        const auto labels = sample["labels"].as<std::string>();
        static const std::regex kName("alertname=\"([^\"]+)\"");
        std::smatch name;
        if (std::regex_search(labels, name, kName)) fired.insert(name[1]);
      }
    }
  }
  for (const auto& [name, rule] : alerts()) EXPECT_TRUE(fired.contains(name)) << name;
}

TEST(Alerts, PassWhatPromtoolChecksAndTests) {
  if (std::system("promtool --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "promtool (prometheus) is missing";
  const tests::TemporaryFolder scratch;
  const std::string said = (scratch.path() / "said.txt").string();
  for (const char* command :
       {"check rules tripline.rules.yml", "check config scrape.yml", "test rules tripline.test.yml"}) {
    const std::string whole = "cd '" + folder().string() + "' && promtool " + command + " > " + said + " 2>&1";
    EXPECT_EQ(std::system(whole.c_str()), 0) << command << "\n" << tests::read_file(said);
  }
}

TEST(Alerts, KnowTheShippedCanaryByItsId) {
  const YAML::Node canary = YAML::LoadFile((tests::repository() / "rules/library/aws/sts/canary.yml").string());
  EXPECT_EQ(canary["level"].as<std::string>(), "informational") << "counted, and never delivered";
  const auto expression = alerts().at("TriplineCanaryMissing")["expr"].as<std::string>();
  EXPECT_NE(expression.find("rule_id=\"" + canary["id"].as<std::string>() + "\""), std::string::npos);
}

TEST(Runbook, NamesMetricsThatThereAre) {
  const auto documented = tests::documented_metrics();
  const std::string page = tests::read_file(tests::repository() / "docs" / "runbook.md");
  // In a command for grep a name may be the beginning of several.
  static const std::regex kName("\\btripline_[a-z0-9_]*[a-z0-9_](?!\\()");
  for (std::sregex_iterator at(page.begin(), page.end(), kName), end; at != end; ++at) {
    const std::string name = at->str();
    const auto first = documented.lower_bound(name);
    EXPECT_TRUE(first != documented.end() && first->first.starts_with(name)) << name;
  }
}

}  // namespace
}  // namespace tripline
