// Rules of public repositories: all of them are read, and what does not compile is known by name.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/document_reader.h"
#include "rules/loader.h"
#include "tests/support/diagnostics.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;

Loaded load(const fs::path& path, LoadOptions options = {}) {
  auto loaded = load_rules({path.string()}, options);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  return loaded ? std::move(*loaded) : Loaded{};
}

std::size_t count(const Loaded& loaded, RuleState::State what) {
  std::size_t found = 0;
  for (const auto& state : loaded.states) found += state.state == what ? 1 : 0;
  return found;
}

std::vector<std::string> failed(const Loaded& loaded) {
  std::vector<std::string> names;
  for (const auto& state : loaded.states) {
    if (state.state == RuleState::State::kFailed) names.push_back(fs::path(state.rule.path).filename());
  }
  return names;
}

TEST(RealRules, SigmaHqsAwsRulesAllLoad) {
  if (!fs::exists(tests::shared("data/sigma/aws/rules"))) GTEST_SKIP() << tests::missing("data/sigma/aws/rules");
  const Loaded loaded = load(tests::shared("data/sigma/aws/rules"));
  EXPECT_EQ(loaded.files, 57U);
  EXPECT_EQ(loaded.rules->detections.size(), 57U);
  EXPECT_EQ(loaded.diagnostics.errors(), 0U) << tests::lines(loaded.diagnostics);
}

TEST(RealRules, AllOfSigmaHqCompilesButWhatNeedsLists) {
  const fs::path archive = tests::shared("data/sigma/all-rules.tar.gz");
  if (!fs::exists(archive)) GTEST_SKIP() << tests::missing("data/sigma/all-rules.tar.gz");
  const tests::TemporaryFolder folder;
  const std::string unpack = "tar -xzf '" + archive.string() + "' -C '" + folder.path().string() + "'";
  ASSERT_EQ(std::system(unpack.c_str()), 0);
  LoadOptions options;
  options.any_log_source = true;
  const Loaded loaded = load(folder.path(), options);
  EXPECT_EQ(loaded.files, 3'754U);
  EXPECT_EQ(loaded.not_rules, 0U);
  EXPECT_EQ(failed(loaded), (std::vector<std::string>{"win_security_adcs_certighost_cdc_chase_request.yml",
                                                      "win_security_adcs_certighost_cert_issued_via_chase.yml"}));
  EXPECT_EQ(loaded.diagnostics.errors(), 2U);
  for (const auto& diagnostic : loaded.diagnostics.all()) {
    if (diagnostic.code->severity == Severity::kError) {
      EXPECT_EQ(diagnostic.code->code, "missing-list");
    }
  }

  // Fed by CloudTrail alone, the others compile too and are known to be of other sources.
  const Loaded aws = load(folder.path());
  EXPECT_EQ(aws.rules->detections.size(), 57U);
  EXPECT_EQ(count(aws, RuleState::State::kOtherLogSource), 3'754U - 57U - 2U);
}

TEST(RealRules, PlaceholdersTakeTheirListsFromAFolder) {
  const fs::path rules = tests::shared("data/sigma/aws/placeholder");
  if (!fs::exists(rules)) GTEST_SKIP() << tests::missing("data/sigma/aws/placeholder");
  EXPECT_EQ(load(rules).rules->detections.size(), 0U);
  const tests::TemporaryFolder lists;
  lists.write("Legitimate_Countries.txt", "# ours\nSwitzerland\nIceland\n");
  lists.write("Legitimate_IP_Ranges.txt", "192.0.2.1\n");
  LoadOptions options;
  options.lists_dir = lists.path().string();
  EXPECT_EQ(load(rules, options).rules->detections.size(), 1U);
}

TEST(RealRules, CorrelationsThatReferByTitleResolveWithAWarning) {
  const fs::path rules = tests::shared("data/sigma/aws/correlation");
  if (!fs::exists(rules)) GTEST_SKIP() << tests::missing("data/sigma/aws/correlation");
  const Loaded loaded = load(rules);
  EXPECT_EQ(loaded.diagnostics.errors(), 0U) << tests::lines(loaded.diagnostics);
  EXPECT_EQ(loaded.correlations.size(), 3U);
  ASSERT_EQ(loaded.rules->detections.size(), 4U);
  for (const auto& detection : loaded.rules->detections) EXPECT_FALSE(detection.opens_signals) << detection.rule.title;
  std::size_t by_title = 0;
  for (const auto& diagnostic : loaded.diagnostics.all())
    by_title += diagnostic.code->code == "title-reference" ? 1 : 0;
  EXPECT_EQ(by_title, 4U);
}

TEST(RealRules, OldAggregationsAreSkippedByTheirStatusAndRefusedWhenAskedFor) {
  const fs::path rules = tests::shared("data/sigma/aws/old-aggregation");
  if (!fs::exists(rules)) GTEST_SKIP() << tests::missing("data/sigma/aws/old-aggregation");
  const Loaded skipped = load(rules);
  EXPECT_EQ(count(skipped, RuleState::State::kSkippedStatus), 8U);
  EXPECT_EQ(skipped.diagnostics.errors(), 0U);
  LoadOptions options;
  options.include_deprecated = true;
  const Loaded loaded = load(rules, options);
  EXPECT_EQ(failed(loaded).size(), 7U) << "one has a plain condition";
}

TEST(RealRules, TheSpecificationsExamplesRead) {
  const fs::path examples = tests::shared("data/sigma/spec/examples");
  if (!fs::exists(examples)) GTEST_SKIP() << tests::missing("data/sigma/spec/examples");
  for (const auto& entry : fs::recursive_directory_iterator(examples)) {
    if (entry.path().extension() != ".yml") continue;
    const FileDocuments file = read_documents(tests::read_file(entry.path()), entry.path().string());
    EXPECT_EQ(file.documents.size(), 1U) << entry.path() << tests::lines(file.diagnostics);
  }
}

// Some of the specification's snippets are fragments: what is missing is said, and a fragment of nothing is no rule.
TEST(RealRules, TheSpecificationsSnippetsReadAsFarAsTheyAreWhole) {
  const fs::path snippets = tests::shared("data/sigma/spec/snippets");
  if (!fs::exists(snippets)) GTEST_SKIP() << tests::missing("data/sigma/spec/snippets");
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::directory_iterator(snippets)) {
    const FileDocuments file = read_documents(tests::read_file(entry.path()), entry.path().string());
    found[entry.path().stem()] = std::to_string(file.documents.size()) + " rules, " +
                                 std::to_string(file.failed.size()) + " broken, " + std::to_string(file.not_rules) +
                                 " others";
  }
  const std::string rule = "1 rules, 0 broken, 0 others";
  const std::string broken = "0 rules, 1 broken, 0 others";
  const std::string broken_head = "1 rules, 1 broken, 0 others";  // its detection is read, to be checked
  const std::string other = "0 rules, 0 broken, 1 others";
  const std::map<std::string, std::string> expected = {
      {"correlation-01", other},   // title and id
      {"correlation-02", broken},  // without type and timespan
      {"correlation-03", other},
      {"correlation-04", other},
      {"correlation-05", other},
      {"correlation-06", rule},
      {"correlation-07", rule},
      {"correlation-08", other},
      {"correlation-09", other},
      {"correlation-10", rule},
      {"correlation-11", rule},
      {"correlation-12", rule},
      {"correlation-13", broken_head},
      {"correlation-14", broken_head},
      {"correlation-15", rule},
      {"correlation-16", "4 rules, 0 broken, 0 others"},
      {"filter-01", other},
      {"filter-02", rule},
  };
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [name, what] : expected) EXPECT_EQ(found[name], what) << name;
}

}  // namespace
}  // namespace tripline::rules
