#include "rules/search_use.h"

#include <algorithm>
#include <variant>

#include "engine/pattern.h"
#include "engine/text.h"
#include "rules/condition.h"

namespace tripline::rules {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  if (engine::equals_folded(pattern, "them")) return !name.starts_with('_');
  std::vector<engine::Pattern::Part> parts;
  for (char c : pattern) {
    using Kind = engine::Pattern::Part::Kind;
    if (c == '*') {
      parts.push_back({Kind::kMany, ""});
    } else if (!parts.empty() && parts.back().kind == Kind::kText) {
      parts.back().text += c;
    } else {
      parts.push_back({Kind::kText, std::string(1, c)});
    }
  }
  return engine::Pattern(std::move(parts), /*cased=*/true).matches(name);
}

void mark(const Condition& condition, bool negated, const DetectionBody& body, std::vector<SearchUse>& uses) {
  const auto use = [&](const Search* search) {
    const auto at = static_cast<std::size_t>(search - body.searches.data());
    (negated ? uses[at].excluded : uses[at].wanted) = true;
  };
  if (condition.kind == Condition::Kind::kName) {
    for (const auto& search : body.searches) {
      if (search.name == condition.name) use(&search);
    }
  } else if (condition.kind == Condition::Kind::kOf) {
    for (const auto* search : searches_of(body, condition.name)) use(search);
  }
  const bool below = condition.kind == Condition::Kind::kNot ? !negated : negated;
  for (const auto& child : condition.children) mark(child, below, body, uses);
}

/// Marks the searches that a conjunction has as its parts.
void mark_required(const Condition& condition, const DetectionBody& body, std::vector<SearchUse>& uses) {
  const auto require = [&](const Search* search) {
    uses[static_cast<std::size_t>(search - body.searches.data())].required = true;
  };
  if (condition.kind == Condition::Kind::kName) {
    for (const auto& search : body.searches) {
      if (search.name == condition.name) require(&search);
    }
  } else if (condition.kind == Condition::Kind::kOf) {
    const auto searches = searches_of(body, condition.name);
    if (condition.all || searches.size() == 1) std::for_each(searches.begin(), searches.end(), require);
  } else if (condition.kind == Condition::Kind::kAnd) {
    for (const auto& child : condition.children) mark_required(child, body, uses);
  }
}

}  // namespace

std::vector<const Search*> searches_of(const DetectionBody& body, std::string_view pattern) {
  std::vector<const Search*> out;
  for (const auto& search : body.searches) {
    if (matches(pattern, search.name)) out.push_back(&search);
  }
  return out;
}

std::vector<SearchUse> uses_of(const DetectionBody& body) {
  std::vector<SearchUse> uses;
  for (const auto& search : body.searches) uses.push_back({&search});
  for (const auto& text : body.conditions) {
    const auto parsed = parse_condition(text.text);
    if (const auto* condition = std::get_if<Condition>(&parsed)) {
      mark(*condition, false, body, uses);
      if (body.conditions.size() == 1) mark_required(*condition, body, uses);
    } else {
      for (auto& use : uses) use.wanted = true;
    }
  }
  return uses;
}

}  // namespace tripline::rules
