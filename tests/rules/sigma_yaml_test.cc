#include "rules/sigma_yaml.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "rules/yaml.h"

namespace tripline::rules {
namespace {

TEST(SigmaYaml, QuotesOnlyWhatSomeReaderWouldTakeForSomethingElse) {
  const struct {
    std::string_view text, yaml;
  } cases[] = {
      {"Many reads (S3/GetObject)", "Many reads (S3/GetObject)"},
      {"eventName|contains|all", "eventName|contains|all"},
      {"No", "'No'"},
      {"5", "'5'"},
      {"", "''"},
      {"a ", "'a '"},
      {"it's: #1", "'it''s: #1'"},
      {"a\tb\"\\", R"("a\x09b\"\\")"},
      {"é", "'é'"},
  };
  for (const auto& c : cases) EXPECT_EQ(yaml_scalar(c.text), c.yaml);
}

TEST(SigmaYaml, ScalarsReadBackAsTheSameString) {
  std::mt19937 random(7);
  const std::string letters = "ab.|-()/ :#'\"\\\n\t{}[]&*!%@`,?<>=~5é\x01";
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (auto n = random() % 8; n > 0; --n) {
      const char c = letters[random() % letters.size()];
      if (static_cast<unsigned char>(c) < 0x80) text += c;
    }
    SCOPED_TRACE(text);
    const auto file = read_yaml("k:\n  - " + yaml_scalar(text) + "\n" + yaml_scalar("x" + text) + ": 1\n", "t.yml", {});
    ASSERT_EQ(file.documents.size(), 1u);
    const auto& root = file.documents[0].root;
    const auto* list = root.find("k");
    ASSERT_TRUE(list && list->items.size() == 1);
    EXPECT_EQ(list->items[0].scalar, Scalar::Kind::kString);
    EXPECT_EQ(list->items[0].text, text);
    EXPECT_TRUE(root.find("x" + text));
  }
}

}  // namespace
}  // namespace tripline::rules
