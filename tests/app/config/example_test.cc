// The configurations in deploy/ are right, also with everything in them that is commented out.

#include <regex>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "app/config/config.h"
#include "app/config/key.h"
#include "tests/support/places.h"

namespace tripline::app {
namespace {

Environment environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    if (name == "TRIPLINE_EVENTS_TOKEN") return "a-token-for-tests";
    return std::nullopt;
  };
}

/// Takes the comment's sign off what is YAML in comments.
std::string with_comments_taken_off(const std::string& text) {
  static const std::regex kCommented("^( *)# ( *(?:- )?[a-z_]+:(?: .*)?)$");
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) out += std::regex_replace(line, kCommented, "$1$2") + "\n";
  return out;
}

TEST(DeployedConfiguration, IsRight) {
  for (const std::string name : {"deploy/tripline.yml", "deploy/container/tripline.yml"}) {
    SCOPED_TRACE(name);
    const auto loaded = load_config((tests::repository() / name).string(), environment());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_TRUE(loaded->diagnostics.all().empty()) << loaded->diagnostics.first_error();
  }
}

TEST(DeployedConfiguration, IsRightWithWhatIsCommentedOut) {
  tests::TemporaryFolder folder;
  for (const std::string name : {"firehose", "aws", "read", "admin"}) {
    folder.write("secrets/" + name, "a-long-secret-of-" + name + "\n");
  }
  folder.write("secrets/pagerduty", "0123456789abcdef0123456789abcdef\n");
  folder.write("secrets/slack", "https://hooks.slack.com/services/T000/B000/XXXX\n");
  const std::string text = tests::read_file(tests::repository() / "deploy" / "tripline.yml");
  const std::string whole = with_comments_taken_off(text);
  const LoadedConfig loaded = read_config(whole, (folder.path() / "tripline.yml").string(), environment());
  for (const auto& found : loaded.diagnostics.all()) ADD_FAILURE() << found.at.line << ": " << found.message;
  EXPECT_EQ(loaded.config.sources.firehose.size(), 1U);
  EXPECT_EQ(loaded.config.sources.folders.size(), 1U);
  EXPECT_EQ(loaded.config.rules.overrides.size(), 3U);
  EXPECT_EQ(loaded.config.rules.paths.size(), 2U);
  EXPECT_EQ(loaded.config.sinks.size(), 2U);
  EXPECT_EQ(loaded.config.routes.size(), 2U);
  EXPECT_EQ(loaded.config.api.admin_tokens.size(), 1U);
  EXPECT_TRUE(loaded.config.listen.at(0).tls.has_value());
}

TEST(DeployedConfiguration, AsksForATokenInTheContainer) {
  const auto loaded = load_config((tests::repository() / "deploy" / "container" / "tripline.yml").string(),
                                  [](const std::string&) -> std::optional<std::string> { return std::nullopt; });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->diagnostics.first_error(),
            "`sources.events.token` names the variable TRIPLINE_EVENTS_TOKEN, which is not set");
}

}  // namespace
}  // namespace tripline::app
