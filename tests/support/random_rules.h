#pragma once

#include <memory>
#include <random>
#include <string>

#include "engine/rule_set.h"

namespace tripline::tests {

/// Random rules and records that meet often: few fields, few words, every kind of test, value and wildcard.
class RandomRules {
 public:
  explicit RandomRules(unsigned seed) : random_(seed) {}

  std::shared_ptr<engine::RuleSet> rules(std::size_t detections);
  /// One object, with blanks, escapes and repeated keys.
  std::string record();
  /// Of literal words and the constructs that regex literals have to see through.
  std::string regex();
  /// A text that regex() and patterns may occur in.
  std::string text();

  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  std::string word();
  std::string path();
  std::string json_string(const std::string& text);
  std::string value(int depth);
  std::string object(int depth);
  engine::Pattern pattern();
  std::vector<engine::Pattern> patterns();
  engine::Predicate predicate(engine::RuleSet& rules);
  engine::Expression expression(engine::RuleSet& rules, int depth);

  std::mt19937 random_;
};

}  // namespace tripline::tests
