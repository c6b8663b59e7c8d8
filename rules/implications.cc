#include "rules/implications.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <variant>
#include <vector>

namespace tripline::rules {
namespace {

using engine::FieldId;
using engine::PredicateId;

/// The tests of one field.
struct Tests {
  std::optional<PredicateId> null;
  std::optional<PredicateId> exists;
  std::optional<PredicateId> any_value;  // `'*'`
  std::vector<PredicateId> values;       // that a value must pass; `any_value` is among them
};

/// Beyond this many tests of one field nothing is said of it, so that the cost stays linear.
constexpr std::size_t kMostTests = 64;

struct Facts {
  std::map<FieldId, Tests> by_field;
  std::unordered_map<PredicateId, FieldId> field_of;
};

bool is_any_value(const engine::Test& test) {
  const auto* text = std::get_if<engine::TextTest>(&test);
  return text != nullptr && std::any_of(text->any.begin(), text->any.end(), [](const engine::Pattern& pattern) {
           return pattern.kind() == engine::Pattern::Kind::kAny;
         });
}

void collect(const engine::Expression& expression, std::set<PredicateId>& found) {
  if (expression.kind == engine::Expression::Kind::kPredicate) found.insert(expression.predicate);
  for (const engine::Expression& child : expression.children) collect(child, found);
}

Facts facts_of(const engine::Expression& expression, const engine::PredicateTable& predicates) {
  std::set<PredicateId> found;
  collect(expression, found);
  Facts facts;
  for (const PredicateId id : found) {
    const engine::Predicate& predicate = predicates[id];
    if (predicate.field == engine::kNoField) continue;
    Tests& tests = facts.by_field[predicate.field];
    facts.field_of[id] = predicate.field;
    if (std::holds_alternative<engine::NullTest>(predicate.test)) {
      tests.null = id;
    } else if (std::holds_alternative<engine::ExistsTest>(predicate.test)) {
      tests.exists = id;
    } else {
      if (is_any_value(predicate.test)) tests.any_value = id;
      tests.values.push_back(id);
    }
  }
  std::erase_if(facts.by_field, [](const auto& field) { return field.second.values.size() > kMostTests; });
  return facts;
}

}  // namespace

Implications implications_of(const engine::Expression& expression, const engine::PredicateTable& predicates) {
  return [facts = std::make_shared<const Facts>(facts_of(expression, predicates))](
             PredicateId id, bool value, const std::function<void(PredicateId, bool)>& tell) {
    const auto field = facts->field_of.find(id);
    if (field == facts->field_of.end()) return;
    const auto found = facts->by_field.find(field->second);
    if (found == facts->by_field.end()) return;
    const Tests& tests = found->second;

    const bool is_null = tests.null == std::optional(id);
    const bool is_exists = tests.exists == std::optional(id);
    const bool has_value = is_null ? !value : !is_exists && value;
    const bool has_none =
        (is_null && value) || (is_exists && !value) || (tests.any_value == std::optional(id) && !value);
    if (has_value) {
      if (tests.null) tell(*tests.null, false);
      if (tests.exists) tell(*tests.exists, true);
      if (tests.any_value) tell(*tests.any_value, true);
    }
    if (has_none) {
      if (tests.null) tell(*tests.null, true);
      for (const PredicateId test : tests.values) tell(test, false);
    }
  };
}

}  // namespace tripline::rules
