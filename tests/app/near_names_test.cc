#include "app/near_names.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

TEST(NearNames, AreASlipAwayOrHoldTheWantedOne) {
  const struct {
    std::string_view wanted, name;
    bool near;
  } cases[] = {
      {"ci-deploi", "ci-deploy", true},
      {"CI-Depoly", "ci-deploy", true},
      {"deploy", "CI-Deploy-prod", true},
      {"alice", "alice", true},
      {"alice", "bob", false},
      {"bob", "bib", true},
      {"bob", "bin", false},
      {"al", "alice", false},
      {"alice", "al", false},
      {"alice", "", false},
      {"", "alice", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(NearNames(c.wanted).is_new(c.name), c.near) << c.wanted << " " << c.name;
  }
}

TEST(NearNames, AreToldOnce) {
  NearNames names("alice");
  EXPECT_TRUE(names.is_new("alise"));
  EXPECT_FALSE(names.is_new("alise"));
  EXPECT_TRUE(names.is_new("alices"));
}

}  // namespace
}  // namespace tripline::app
