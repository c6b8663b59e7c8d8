#include "rules/sigma_string.h"

#include <algorithm>
#include <cassert>

namespace tripline::rules {

using Part = engine::Pattern::Part;

void append(SigmaString& value, const Part& part) {
  if (part.kind == Part::Kind::kText && part.text.empty()) return;
  if (!value.empty() && value.back().kind == part.kind && part.kind != Part::Kind::kOne) {
    value.back().text += part.text;  // a second `*` adds nothing
    return;
  }
  value.push_back(part);
}

SigmaString parse_sigma_string(std::string_view text) {
  SigmaString value;
  std::string run;
  const auto wildcard = [&](Part::Kind kind) {
    append(value, {Part::Kind::kText, run});
    run.clear();
    append(value, {kind, ""});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && (text[i + 1] == '*' || text[i + 1] == '?' || text[i + 1] == '\\')) {
      run += text[++i];
    } else if (c == '*') {
      wildcard(Part::Kind::kMany);
    } else if (c == '?') {
      wildcard(Part::Kind::kOne);
    } else {
      run += c;
    }
  }
  append(value, {Part::Kind::kText, run});
  return value;
}

SigmaString literal(std::string_view text) {
  if (text.empty()) return {};
  return {{Part::Kind::kText, std::string(text)}};
}

bool has_wildcard(const SigmaString& value) {
  return std::any_of(value.begin(), value.end(), [](const Part& part) { return part.kind != Part::Kind::kText; });
}

std::string plain_text(const SigmaString& value) {
  assert(!has_wildcard(value));
  return value.empty() ? std::string() : value.front().text;
}

}  // namespace tripline::rules
