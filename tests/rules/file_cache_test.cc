#include "rules/file_cache.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/diagnostics.h"
#include "tests/support/load_rules.h"

namespace tripline::rules {
namespace {

using tests::detection;
using tests::LoadRules;

class FileCacheTest : public LoadRules {
 protected:
  /// By way of the cache; expects what loading without it gives.
  std::string cached() {
    const auto loaded = load_rules({folder_.path().string()}, {}, cache_);
    EXPECT_TRUE(loaded);
    const Loaded anew = load();
    EXPECT_EQ(states(*loaded), states(anew));
    EXPECT_EQ(tests::lines(loaded->diagnostics), tests::lines(anew.diagnostics));
    EXPECT_EQ(loaded->files, anew.files);
    EXPECT_EQ(loaded->not_rules, anew.not_rules);
    return states(*loaded);
  }

  FileCache cache_;
};

TEST_F(FileCacheTest, ReadsOnlyWhatHasChanged) {
  write("a.yml", detection("a", "A"));
  write("b.yml", detection("b", "B") + "---\n- no rule\n");
  write("c.yml", "title: C\nlogsource: {product: aws}\ndetection: {s: {x: y}, condition: t}\n");
  EXPECT_EQ(cached(), "a loaded, b loaded, C failed");
  EXPECT_EQ(cache_.reads(), 3U);
  EXPECT_EQ(cached(), "a loaded, b loaded, C failed");
  EXPECT_EQ(cache_.reads(), 3U);
  write("b.yml", detection("bb", "B"));
  EXPECT_EQ(cached(), "a loaded, bb loaded, C failed");
  EXPECT_EQ(cache_.reads(), 4U);
}

TEST_F(FileCacheTest, SeesAChangeThatKeepsTheFilesTimeAndSize) {
  write("a.yml", detection("a", "A"));
  cached();
  const auto time = std::filesystem::last_write_time(folder_.path() / "a.yml");
  write("a.yml", detection("b", "A"));
  std::filesystem::last_write_time(folder_.path() / "a.yml", time);
  EXPECT_EQ(cached(), "b loaded");
}

TEST_F(FileCacheTest, ForgetsFilesThatAreGone) {
  write("a.yml", detection("a", "A"));
  write("b.yml", detection("b", "B"));
  cached();
  std::filesystem::remove(folder_.path() / "a.yml");
  EXPECT_EQ(cached(), "b loaded");
  write("a.yml", detection("a", "A"));
  EXPECT_EQ(cached(), "a loaded, b loaded");
  EXPECT_EQ(cache_.reads(), 3U);
}

}  // namespace
}  // namespace tripline::rules
