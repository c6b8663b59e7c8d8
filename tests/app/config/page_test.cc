#include "app/config/page.h"

#include <cstdlib>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "app/config/config.h"
#include "tests/support/places.h"

namespace tripline::app {
namespace {

TEST(ConfigKeys, HaveSectionsBeforeThemAndASentenceEach) {
  std::set<std::string_view> seen;
  for (const ConfigKey& key : config_keys()) {
    SCOPED_TRACE(key.path);
    EXPECT_TRUE(seen.insert(key.path).second) << "twice";
    EXPECT_TRUE(key.meaning.ends_with('.') || key.meaning.ends_with(':'));
    EXPECT_EQ(key.type == ConfigType::kWord, !key.words.empty());
    const std::size_t dot = key.path.rfind('.');
    if (dot == std::string_view::npos) continue;
    std::string_view section = key.path.substr(0, dot);
    if (section.ends_with("[]")) section.remove_suffix(2);
    EXPECT_TRUE(seen.contains(section));
  }
}

TEST(ConfigKeys, StandOnTheirPage) {
  const auto path = tests::repository() / "docs" / "configuration.md";
  if (std::getenv("REGENERATE") != nullptr) std::ofstream(path) << config_page();
  EXPECT_EQ(tests::read_file(path), config_page())
      << "docs/configuration.md is behind app/config: run this test with REGENERATE=1";
}

}  // namespace
}  // namespace tripline::app
