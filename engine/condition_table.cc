#include "engine/condition_table.h"

#include <algorithm>

namespace tripline::engine {
namespace {

/// What a test costs beside the others, roughly in units of 10 ns.
struct Cost {
  unsigned operator()(const NullTest&) const { return 1; }
  unsigned operator()(const ExistsTest&) const { return 1; }
  unsigned operator()(const NumberTest&) const { return 2; }
  unsigned operator()(const CompareTest&) const { return 3; }
  unsigned operator()(const CidrTest&) const { return 8; }
  unsigned operator()(const TimePartTest&) const { return 8; }
  unsigned operator()(const FieldRefTest&) const { return 8; }
  unsigned operator()(const TextTest& test) const {
    unsigned cost = 2;
    for (const auto& pattern : test.any) {
      const bool exact = pattern.kind() == Pattern::Kind::kExact;
      if (!exact || !test.exact) cost += exact ? 1 : 2;
    }
    return cost;
  }
  unsigned operator()(const RegexTest&) const { return 30; }
  unsigned operator()(const KeywordTest& test) const { return 200 * static_cast<unsigned>(test.any.size()); }
};

}  // namespace

struct ConditionTable::Tree {
  Kind kind;
  PredicateId predicate = 0;
  std::vector<Tree> children = {};
  unsigned cost = 0;

  bool is_constant(bool value) const { return kind == (value ? Kind::kTrue : Kind::kFalse); }
};

ConditionTable::Tree ConditionTable::simplified(const Expression& expression, const RuleSet& rules) {
  switch (expression.kind) {
    case Kind::kTrue:
    case Kind::kFalse:
      return {.kind = expression.kind};
    case Kind::kPredicate: {
      const Test& test = rules.predicates[expression.predicate].test;
      return {.kind = Kind::kPredicate, .predicate = expression.predicate, .cost = std::visit(Cost(), test)};
    }
    case Kind::kNot: {
      Tree child = simplified(expression.children[0], rules);
      if (child.is_constant(true)) return {.kind = Kind::kFalse};
      if (child.is_constant(false)) return {.kind = Kind::kTrue};
      if (child.kind == Kind::kNot) return std::move(child.children[0]);
      Tree tree{.kind = Kind::kNot, .cost = child.cost};
      tree.children.push_back(std::move(child));
      return tree;
    }
    default:
      break;
  }
  const bool is_or = expression.kind == Kind::kOr;
  Tree tree{.kind = expression.kind};
  for (const auto& part : expression.children) {
    Tree child = simplified(part, rules);
    if (child.is_constant(is_or)) return child;  // decides the whole
    if (child.is_constant(!is_or)) continue;     // decides nothing
    if (child.kind == tree.kind) {
      std::move(child.children.begin(), child.children.end(), std::back_inserter(tree.children));
    } else {
      tree.children.push_back(std::move(child));
    }
  }
  if (tree.children.empty()) return {.kind = is_or ? Kind::kFalse : Kind::kTrue};
  if (tree.children.size() == 1) return std::move(tree.children[0]);
  std::stable_sort(tree.children.begin(), tree.children.end(),
                   [](const Tree& a, const Tree& b) { return a.cost < b.cost; });
  for (const auto& child : tree.children) tree.cost += child.cost;
  return tree;
}

void ConditionTable::place(const Tree& tree, std::uint32_t at) {
  const auto first = static_cast<std::uint32_t>(nodes_.size());
  if (tree.kind == Kind::kPredicate) {
    nodes_[at] = {tree.kind, tree.predicate, 0};
    return;
  }
  nodes_[at] = {tree.kind, first, static_cast<std::uint32_t>(tree.children.size())};
  nodes_.resize(nodes_.size() + tree.children.size());
  for (std::uint32_t i = 0; i < tree.children.size(); ++i) place(tree.children[i], first + i);
}

ConditionTable::ConditionTable(const RuleSet& rules) {
  auto filters = static_cast<std::uint32_t>(rules.detections.size());
  for (const Detection& detection : rules.detections) {
    filters_.push_back(filters);
    filters += static_cast<std::uint32_t>(detection.filters.size());
  }
  filters_.push_back(filters);
  nodes_.resize(filters);
  for (std::uint32_t i = 0; i < rules.detections.size(); ++i) {
    const Detection& detection = rules.detections[i];
    place(simplified(detection.filters.empty() ? detection.condition : detection.unfiltered, rules), i);
    std::uint32_t at = filters_[i];
    for (const AppliedFilter& filter : detection.filters) place(simplified(filter.condition, rules), at++);
  }
}

}  // namespace tripline::engine
