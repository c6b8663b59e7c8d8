#include "engine/secrets.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/e2e/logs.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

/// A record with the secret in all the places that a rule can ask to be shown: as a parameter, deep in the answer, and
/// in documents in strings, plain and percent-encoded.
std::string record_with(const std::string& key, const std::string& id) {
  const std::string escaped = R"({\"a\":{\"my_)" + key + R"(\":\"hush\"}})";
  const std::string encoded = "%7B%22" + key + "%22%3A%22hush%22%7D";
  return tests::Record{.id = id,
                       .more = R"(,"requestParameters":{"detectorId":"seen","my)" + key + R"(":"hush","document":")" +
                               escaped + R"(","encoded":")" + encoded + R"("},"responseElements":{"items":[{")" + key +
                               R"(":"hush"}]})"}
      .json();
}

TEST(Secrets, AreInNothingThatScanWrites) {
  tests::TemporaryFolder folder;
  std::string rule = tests::kDetectorRule;
  std::string title = "{requestParameters} {responseElements} {requestParameters.document}";
  rule +=
      "  - requestParameters\n  - responseElements\n  - requestParameters.document\n  - requestParameters.encoded\n";
  std::string log;
  for (const std::string_view ending : engine::secret_endings()) {
    const std::string key(ending);
    rule += "  - requestParameters.my" + key + "\n  - responseElements.items." + key + "\n";
    rule += "  - requestParameters.document.a.my_" + key + "\n  - requestParameters.encoded." + key + "\n";
    title += " {requestParameters.my" + key + "}{requestParameters.document.a.my_" + key + "}";
    log += record_with(key, key) + "\n";
  }
  const std::string rules = folder.write("rules/rule.yml", rule + "tripline: {title: '" + title + "'}\n");
  const std::string logs = folder.write("log.json", log);
  const std::vector<std::vector<std::string>> commands = {
      {"--format", "ndjson"},
      {"--format", "ndjson", "--origins"},
      {"--format", "json"},
      {"--format", "csv"},
      {"--format", "table"},
      {"--matches", "--format", "ndjson"},
      {"--matches", "--format", "csv"},
      {"--format", "ndjson", "--fields", "requestParameters,responseElements,responseElements.items"},
  };
  for (const auto& options : commands) {
    std::vector<std::string> words = {"scan", "-r", rules};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(logs);
    const auto run = tests::run_program(words);
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_NE(run.out.find("(secret)"), std::string::npos) << run.out;
    EXPECT_EQ((run.out + run.err).find("hush"), std::string::npos) << run.out << run.err;
  }
}

}  // namespace
}  // namespace tripline
