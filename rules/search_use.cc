#include "rules/search_use.h"

#include <string>
#include <utility>
#include <variant>

#include "engine/pattern.h"
#include "rules/condition.h"

namespace tripline::rules {
namespace {

/// `filter_*` as a pattern over names of searches, whose letter case matters.
engine::Pattern name_pattern(std::string_view text) {
  using Part = engine::Pattern::Part;
  std::vector<Part> parts;
  for (std::size_t star = text.find('*'); star != std::string_view::npos; star = text.find('*')) {
    parts.push_back({Part::Kind::kText, std::string(text.substr(0, star))});
    parts.push_back({Part::Kind::kMany, ""});
    text.remove_prefix(star + 1);
  }
  parts.push_back({Part::Kind::kText, std::string(text)});
  return {std::move(parts), true};
}

/// What a part of a condition that has no parts itself refers to, as places in the body.
std::vector<std::size_t> named_by(const Condition& condition, const DetectionBody& body) {
  if (condition.kind == Condition::Kind::kOf) return searches_of(body, condition.name);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < body.searches.size(); ++i) {
    if (condition.kind == Condition::Kind::kName && body.searches[i].name == condition.name) out.push_back(i);
  }
  return out;
}

void mark(const Condition& condition, bool negated, const DetectionBody& body, std::vector<SearchUse>& uses) {
  for (const auto search : named_by(condition, body)) (negated ? uses[search].excluded : uses[search].wanted) = true;
  const bool below = condition.kind == Condition::Kind::kNot ? !negated : negated;
  for (const auto& child : condition.children) mark(child, below, body, uses);
}

/// Marks the searches that a conjunction has as its parts.
void mark_required(const Condition& condition, const DetectionBody& body, std::vector<SearchUse>& uses) {
  const auto named = named_by(condition, body);
  const bool all = condition.kind == Condition::Kind::kName || condition.all || named.size() == 1;
  for (const auto search : named) uses[search].required = uses[search].required || all;
  if (condition.kind != Condition::Kind::kAnd) return;
  for (const auto& child : condition.children) mark_required(child, body, uses);
}

}  // namespace

std::vector<std::size_t> searches_of(const DetectionBody& body, std::string_view pattern) {
  const bool them = pattern == "them";
  const auto names = name_pattern(pattern);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < body.searches.size(); ++i) {
    const std::string& name = body.searches[i].name;
    // A leading underscore keeps a search out unless it is asked for.
    const bool hidden = name.starts_with('_') && !pattern.starts_with('_');
    if (!hidden && (them || names.matches(name))) out.push_back(i);
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
