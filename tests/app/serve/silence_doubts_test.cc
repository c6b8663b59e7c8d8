#include "app/serve/silence_doubts.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

TEST(SilenceDoubts, AreOfRulesThatAreNotThere) {
  engine::RuleSet rules;
  engine::Rule& one = rules.detections.emplace_back().rule;
  one.id = "0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c11";
  one.title = "Root Sign-In";
  one.name = "root_login";
  engine::Rule& many = rules.correlations.emplace_back().rule;
  many.id = "many-sign-ins";
  many.title = "Many Sign-Ins";
  const std::string root = "; did you mean 0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c11 (Root Sign-In)?";
  const struct {
    std::string word;
    std::string says;  // empty: nothing
  } cases[] = {
      {"0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c11", ""},
      {"0D3A0A5E-7A4C-4D0F-8A43-6F1F0B7F3C11", ""},
      {"0d3a*", ""},
      {"*", ""},
      {"MANY-sign-ins", ""},
      {"Root Sign-In", "no rule has the id Root Sign-In" + root},
      {"root sign-in", "no rule has the id root sign-in" + root},
      {"root_login", "no rule has the id root_login" + root},
      {"0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c12", "no rule has the id 0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c12" + root},
      {"many-sign-in", "no rule has the id many-sign-in; did you mean many-sign-ins (Many Sign-Ins)?"},
      {"else*", "no rule has the id else*"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.word);
    alerts::SignalMatch match;
    match.rule = {c.word};
    EXPECT_EQ(silence_doubts(match, rules), c.says.empty() ? std::vector<std::string>() : std::vector{c.says});
  }
  alerts::SignalMatch others;
  others.actor = {"alice"};
  EXPECT_TRUE(silence_doubts(others, rules).empty());
}

}  // namespace
}  // namespace tripline::app
