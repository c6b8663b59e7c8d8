#include "tests/support/patterns.h"

#include <memory>
#include <string>

#include <re2/re2.h>

namespace tripline::tests {

using engine::Pattern;

Pattern pattern(std::string_view text, bool cased) {
  std::vector<Pattern::Part> parts;
  for (const char c : text) {
    if (c == '*') {
      parts.push_back({Pattern::Part::Kind::kMany, ""});
    } else if (c == '?') {
      parts.push_back({Pattern::Part::Kind::kOne, ""});
    } else {
      parts.push_back({Pattern::Part::Kind::kText, std::string(1, c)});
    }
  }
  return Pattern(std::move(parts), cased);
}

engine::TextTest any_of(const std::vector<std::string_view>& patterns, bool cased) {
  engine::TextTest test;
  for (const auto text : patterns) test.any.push_back(pattern(text, cased));
  return test;
}

engine::KeywordTest keywords(const std::vector<std::string_view>& patterns, bool cased) {
  return {any_of(patterns, cased).any};
}

engine::RegexTest regex(std::string_view text) {
  return {std::string(text), std::make_shared<re2::RE2>(re2::StringPiece(text.data(), text.size()), re2::RE2::Quiet)};
}

engine::CidrTest networks(const std::vector<std::string_view>& texts) {
  engine::CidrTest test;
  for (const auto text : texts) test.any.push_back(engine::parse_network(text).value());
  return test;
}

}  // namespace tripline::tests
