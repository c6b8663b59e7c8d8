#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "app/config/config.h"
#include "app/config/print.h"

namespace tripline::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSecret = "do-not-show-me-0123";

Environment of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(ConfigVariables, ArePutIntoValues) {
  const Environment environment = of({{"A", "alpha"}, {"EMPTY", ""}, {"_b2", "beta"}});
  const struct {
    std::string_view text, expanded, fault;
    std::vector<std::string> unset;
  } cases[] = {
      {"plain", "plain", "", {}},
      {"${A}", "alpha", "", {}},
      {"x-${A}-${_b2}-y", "x-alpha-beta-y", "", {}},
      {"${NONE:-other}", "other", "", {}},
      {"${NONE:-}", "", "", {}},
      {"${EMPTY:-other}", "other", "", {}},
      {"${EMPTY}", "", "", {}},
      {"${A:-other}", "alpha", "", {}},
      {"${NONE:-a:-b}", "a:-b", "", {}},
      {"${NONE}", "", "", {"NONE"}},
      {"$A $ $$ $5", "$A $ $$ $5", "", {}},
      {"$${A}", "${A}", "", {}},
      {"${A", "", "has `${` without `}`", {}},
      {"${}", "", "has no name of a variable between `${` and `}`", {}},
      {"${1A}", "", "has no name of a variable between `${` and `}`", {}},
      {"${A B}", "", "has no name of a variable between `${` and `}`", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Expanded got = expand_variables(c.text, environment);
    EXPECT_EQ(got.fault, c.fault);
    EXPECT_EQ(got.unset, c.unset);
    if (c.fault.empty()) {
      EXPECT_EQ(got.text, c.expanded);
    }
  }
}

TEST(ConfigVariables, AreCheckedLikeWhatTheyStandFor) {
  const Environment environment = of({{"LATE", "2h"}, {"WRONG", "often"}});
  EXPECT_EQ(read_config("lateness: ${LATE}\n", "t.yml", environment).config.lateness, std::chrono::hours{2});
  const auto wrong = read_config("lateness: ${WRONG}\nworkers: ${UNSET}\n", "t.yml", environment);
  ASSERT_EQ(wrong.diagnostics.errors(), 2U);
  EXPECT_EQ(wrong.diagnostics.all()[0].message, "`lateness: ${WRONG}` is no number with a unit")
      << "what the file says is shown, not what the variable holds";
  EXPECT_EQ(wrong.diagnostics.all()[1].message, "`workers` names the variable UNSET, which is not set");
  EXPECT_EQ(wrong.diagnostics.all()[1].code->code, "config-variable");
}

class ConfigSecrets : public ::testing::Test {
 protected:
  ConfigSecrets() : folder_(fs::temp_directory_path() / "tripline_config_secrets") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ConfigSecrets() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  LoadedConfig with_key(const std::string& key) {
    return read_config("sources: {firehose: [{name: a, key: '" + key + "'}]}\n", (folder_ / "t.yml").string(),
                       of({{"KEY", std::string(kSecret)}, {"NAME", "key"}}));
  }
  fs::path folder_;
};

TEST_F(ConfigSecrets, ComeFromFilesAndVariables) {
  write("key", std::string(kSecret) + "\n");
  write("windows", std::string(kSecret) + "\r\n");
  for (const std::string& key :
       {std::string(kSecret), std::string("${KEY}"), std::string("file:key"), std::string("file:${NAME}"),
        std::string("file:windows"), "file:" + (folder_ / "key").string()}) {
    SCOPED_TRACE(key);
    const LoadedConfig loaded = with_key(key);
    ASSERT_EQ(loaded.diagnostics.errors(), 0U) << loaded.diagnostics.first_error();
    EXPECT_EQ(loaded.config.sources.firehose.at(0).key, kSecret);
  }
}

TEST_F(ConfigSecrets, SayWhyTheirFileIsNone) {
  write("empty", "\n");
  write("lines", "first\nsecond\n");
  write("large", std::string(70'000, 'x'));
  const struct {
    std::string_view file, why;
  } cases[] = {
      {"missing", "missing: the file cannot be opened: No such file or directory"},
      {"empty", "empty: the file is empty"},
      {"lines", "lines: the file has several lines"},
      {"large", "large: the file is larger than 64 KiB, and so no secret"},
  };
  for (const auto& c : cases) {
    const LoadedConfig loaded = with_key("file:" + std::string(c.file));
    ASSERT_EQ(loaded.diagnostics.errors(), 1U);
    EXPECT_EQ(loaded.diagnostics.all()[0].code->code, "config-secret");
    EXPECT_EQ(loaded.diagnostics.all()[0].message,
              "`sources.firehose.key`: " + (folder_ / "").string() + std::string(c.why));
  }
}

TEST_F(ConfigSecrets, AreNeverShown) {
  write("short", "tooshort7");
  for (const std::string& key : {std::string("tooshort7"), std::string("file:short")}) {
    const LoadedConfig loaded = with_key(key);
    ASSERT_EQ(loaded.diagnostics.errors(), 1U);
    const rules::Diagnostic& found = loaded.diagnostics.all()[0];
    EXPECT_EQ(found.message, "`sources.firehose.key` is so short that it can be guessed");
    EXPECT_EQ((found.message + found.hint).find("tooshort7"), std::string::npos);
  }
  for (const std::string& key : {std::string(kSecret), std::string("${KEY}")}) {
    const LoadedConfig loaded = with_key(key);
    EXPECT_EQ(config_text(loaded.tree).find(kSecret), std::string::npos);
    EXPECT_EQ(config_json(loaded.tree).find(kSecret), std::string::npos);
    EXPECT_NE(config_text(loaded.tree).find("key: (secret)"), std::string::npos);
  }
}

}  // namespace
}  // namespace tripline::app
