#include "rules/correlation_lowering.h"

#include <cassert>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/text.h"
#include "rules/condition.h"
#include "rules/correlation_condition.h"
#include "rules/correlation_type.h"

namespace tripline::rules {
namespace {

using engine::StepCondition;

struct OpRow {
  std::string_view name;
  engine::Bound::Op op;
};
constexpr OpRow kOps[] = {
    {"gt", engine::Bound::Op::kGt},   {"gte", engine::Bound::Op::kGte}, {"lt", engine::Bound::Op::kLt},
    {"lte", engine::Bound::Op::kLte}, {"eq", engine::Bound::Op::kEq},   {"neq", engine::Bound::Op::kNeq},
};

template <class Row>
const Row& row_of(std::span<const Row> rows, std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return row;
  }
  assert(false && "the reader takes no other");
  return rows.front();
}

class ConditionLowering {
 public:
  explicit ConditionLowering(const std::vector<Reference>& rules) : rules_(rules) {}

  StepCondition lower(const Condition& condition) const {
    using Kind = StepCondition::Kind;
    switch (condition.kind) {
      case Condition::Kind::kName:
        return {.input = input_named(condition.name)};
      case Condition::Kind::kOf: {
        StepCondition steps{.kind = condition.all ? Kind::kAnd : Kind::kOr};
        const bool them = condition.name == "them";
        const engine::Pattern pattern = name_pattern(condition.name);
        for (std::uint16_t i = 0; i < rules_.size(); ++i) {
          if (them || pattern.matches(rules_[i].name)) steps.children.push_back({.input = i});
        }
        return steps;
      }
      case Condition::Kind::kNot:
        return with_children(Kind::kNot, condition);
      case Condition::Kind::kAnd:
        return with_children(Kind::kAnd, condition);
      case Condition::Kind::kOr:
        return with_children(Kind::kOr, condition);
    }
    return {};
  }

 private:
  StepCondition with_children(StepCondition::Kind kind, const Condition& condition) const {
    StepCondition steps{.kind = kind};
    for (const Condition& child : condition.children) steps.children.push_back(lower(child));
    return steps;
  }

  std::uint16_t input_named(const std::string& name) const {
    const std::string folded = engine::fold(name);
    for (std::uint16_t i = 0; i < rules_.size(); ++i) {
      if (engine::equals_folded(rules_[i].name, folded)) return i;
    }
    assert(false && "the reader has checked the names");
    return 0;
  }

  const std::vector<Reference>& rules_;
};

std::int64_t span_or(const Extension& extension, const std::string& name, std::int64_t otherwise) {
  const auto found = extension.spans.find(name);
  return found == extension.spans.end() ? otherwise : found->second;
}

bool says(const Extension& extension, const std::string& name, std::string_view word) {
  const auto found = extension.settings.find(name);
  return found != extension.settings.end() && found->second == word;
}

}  // namespace

engine::Correlation lower(const CorrelationRule& rule, const std::vector<CorrelationBase>& bases,
                          const std::map<std::string, std::string>& field_map, engine::RuleSet& into) {
  assert(bases.size() == rule.rules.size());
  engine::Correlation correlation;
  correlation.rule = rule.rule;
  correlation.type = row_of<CorrelationTypeRow>(kCorrelationTypes, rule.type).type;
  correlation.timespan = std::chrono::seconds{rule.timespan_seconds};
  for (const auto& bound : rule.bounds) correlation.bounds.push_back({row_of<OpRow>(kOps, bound.op).op, bound.value});
  if (rule.type == "value_percentile") correlation.percentile = rule.percentile.value_or(50);
  if (correlation.type == engine::CorrelationType::kTemporalOrdered) {
    correlation.bounds.clear();  // it asks for all, however that was said
  } else if (!rule.rule_condition.empty()) {
    const auto condition = parse_condition(rule.rule_condition);
    assert(std::holds_alternative<Condition>(condition));
    correlation.steps = {negation_pushed_down(ConditionLowering(rule.rules).lower(std::get<Condition>(condition)))};
  } else if (correlation.type == engine::CorrelationType::kTemporal && correlation.bounds.empty()) {
    correlation.bounds.push_back({engine::Bound::Op::kGte, static_cast<double>(bases.size())});
  }
  const auto field_of = [&](const std::string& name, const CorrelationBase& base) {
    const auto alias = base.aliases.find(name);
    const std::string& named = alias == base.aliases.end() ? name : alias->second;
    const auto mapped = field_map.find(named);
    return into.fields.intern(mapped == field_map.end() ? named : mapped->second);
  };
  for (const CorrelationBase& base : bases) {
    engine::CorrelationInput input{.is_correlation = base.is_correlation, .index = base.index};
    for (const std::string& name : rule.group_by) input.group.push_back(field_of(name, base));
    for (const std::string& name : rule.field) input.counted.push_back(field_of(name, base));
    correlation.inputs.push_back(std::move(input));
  }
  correlation.group_by = rule.group_by;
  correlation.counted = rule.field;
  correlation.title = rule.tripline.title;
  correlation.missing_is_a_value = says(rule.tripline, "missing", "group");
  correlation.period = std::chrono::seconds{span_or(rule.tripline, "period", 3'600)};
  correlation.learning = std::chrono::seconds{span_or(rule.tripline, "learning", 0)};
  correlation.each_group_learns = says(rule.tripline, "learning_scope", "group");
  correlation.opens_signals = rule.rule.level != engine::Level::kInformational;
  return correlation;
}

}  // namespace tripline::rules
