#include "engine/predicate.h"

#include <algorithm>

#include "engine/event.h"

namespace tripline::engine {

bool evaluate(const Predicate& predicate, Event& event) {
  const auto& test = std::get<TextTest>(predicate.test);
  for (const Value& value : event.values(predicate.field)) {
    const auto passes = [&value](const Pattern& p) { return p.matches(value.text); };
    if (value.type == ValueType::kString && std::any_of(test.any.begin(), test.any.end(), passes)) return true;
  }
  return false;
}

std::string describe(const Predicate& predicate, const FieldTable& fields) {
  std::string text = fields[predicate.field].path + " is one of";
  for (const Pattern& pattern : std::get<TextTest>(predicate.test).any) text += " '" + pattern.text() + "'";
  return text;
}

PredicateId PredicateTable::intern(Predicate predicate) {
  std::string key = std::to_string(predicate.field);
  for (const Pattern& pattern : std::get<TextTest>(predicate.test).any) key += '\0' + pattern.text();
  const auto [found, fresh] = by_key_.try_emplace(std::move(key), static_cast<PredicateId>(predicates_.size()));
  if (fresh) predicates_.push_back(std::move(predicate));
  return found->second;
}

}  // namespace tripline::engine
