#include "app/field_use.h"

#include <set>
#include <variant>

namespace tripline::app {
namespace {

void collect(const engine::Expression& expression, const engine::RuleSet& rules, std::set<engine::FieldId>& fields) {
  if (expression.kind == engine::Expression::Kind::kPredicate) {
    const engine::Predicate& predicate = rules.predicates[expression.predicate];
    if (predicate.field != engine::kNoField) fields.insert(predicate.field);
    if (const auto* reference = std::get_if<engine::FieldRefTest>(&predicate.test)) fields.insert(reference->other);
  }
  for (const auto& part : expression.children) collect(part, rules, fields);
}

}  // namespace

std::map<std::string, std::vector<std::string>> field_uses(const engine::RuleSet& rules) {
  std::map<std::string, std::vector<std::string>> uses;
  for (const auto& detection : rules.detections) {
    std::set<engine::FieldId> fields;
    collect(detection.condition, rules, fields);
    for (const auto field : fields) uses[rules.fields[field].path].push_back(detection.rule.title);
  }
  return uses;
}

}  // namespace tripline::app
