#include "engine/pattern.h"

#include <utility>

#include "engine/text.h"

namespace tripline::engine {

Pattern::Pattern(std::vector<Part> parts, bool cased) : parts_(std::move(parts)), cased_(cased), kind_(Kind::kExact) {
  for (const Part& part : parts_) text_ += part.text;
  if (!cased_) text_ = fold(text_);
}

bool Pattern::matches(std::string_view text) const { return cased_ ? text == text_ : equals_folded(text, text_); }

bool Pattern::occurs_in(std::string_view text) const {
  return cased_ ? text.find(text_) != text.npos : contains_folded(text, text_);
}

std::string Pattern::longest_literal() const { return fold(text_); }

}  // namespace tripline::engine
