#include "rules/search_use.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::rules {
namespace {

/// Searches a, b1, b2 and _h, each with a letter for every way in which the conditions use it: wanted, excluded,
/// required.
std::string uses(const std::vector<std::string>& conditions) {
  DetectionBody body;
  for (const auto* name : {"a", "b1", "b2", "_h"}) body.searches.push_back({name, {}, {}});
  for (const auto& text : conditions) body.conditions.push_back({text, {}});
  std::string out;
  for (const auto& use : uses_of(body)) {
    out += (out.empty() ? "" : " ") + use.search->name + ":";
    out += std::string(use.wanted ? "w" : "") + (use.excluded ? "e" : "") + (use.required ? "r" : "");
  }
  return out;
}

TEST(SearchUse, SaysUnderWhichSignsSearchesAreUsed) {
  const struct {
    std::vector<std::string> conditions;
    std::string_view uses;
  } cases[] = {
      {{"a"}, "a:wr b1: b2: _h:"},
      {{"a and not b1"}, "a:wr b1:e b2: _h:"},
      {{"a and (b1 or b2)"}, "a:wr b1:w b2:w _h:"},
      {{"a and not (b1 or not b2)"}, "a:wr b1:e b2:w _h:"},
      {{"a or not a"}, "a:we b1: b2: _h:"},
      {{"1 of b*"}, "a: b1:w b2:w _h:"},
      {{"all of b* and a"}, "a:wr b1:wr b2:wr _h:"},
      {{"1 of a*"}, "a:wr b1: b2: _h:"},
      {{"a and not 1 of b*"}, "a:wr b1:e b2:e _h:"},
      {{"not all of them"}, "a:e b1:e b2:e _h:"},
      {{"1 of *"}, "a:w b1:w b2:w _h:"},
      {{"1 of _*"}, "a: b1: b2: _h:wr"},
      {{"a", "b1"}, "a:w b1:w b2: _h:"},
      {{"a and ("}, "a:w b1:w b2:w _h:w"},
      {{}, "a: b1: b2: _h:"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.conditions.empty() ? "none" : c.conditions[0]);
    EXPECT_EQ(uses(c.conditions), c.uses);
  }
}

}  // namespace
}  // namespace tripline::rules
