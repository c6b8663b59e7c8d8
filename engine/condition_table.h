#pragma once

#include <cstdint>
#include <vector>

#include "engine/rule_set.h"

namespace tripline::engine {

/// The conditions of all detections as the matcher evaluates them: constants folded, nested And and Or flat, cheap
/// tests before dear ones. None of it changes an answer, since a predicate has no effect but its answer.
/// Immutable once built; shared by all workers.
class ConditionTable {
 public:
  explicit ConditionTable(const RuleSet& rules);

  /// Whether the detection's condition holds, given `predicate_holds(PredicateId)`; it is asked only what the answer
  /// still depends on. Where it holds but for filters, `takes_away(place in Detection::filters)` is told each of them.
  template <class PredicateHolds, class TakesAway>
  bool holds(std::uint32_t detection, PredicateHolds& predicate_holds, TakesAway& takes_away) const {
    if (!node_holds(nodes_[detection], predicate_holds)) return false;
    bool kept = true;
    for (std::uint32_t filter = filters_[detection]; filter < filters_[detection + 1]; ++filter) {
      if (node_holds(nodes_[filter], predicate_holds)) continue;
      takes_away(filter - filters_[detection]);
      kept = false;
    }
    return kept;
  }

  /// Whether the detection's condition may hold, when nobody knows whether predicates that `is_unknown(PredicateId)`
  /// hold. Never false where holds() would be true whatever they are.
  template <class PredicateHolds, class IsUnknown>
  bool may_hold(std::uint32_t detection, PredicateHolds& predicate_holds, IsUnknown& is_unknown) const {
    return node_may_be(true, nodes_[detection], predicate_holds, is_unknown);
  }

 private:
  using Kind = Expression::Kind;
  struct Node {
    Kind kind;
    std::uint32_t first = 0;  // of kPredicate: its id; of kNot, kAnd, kOr: its first child
    std::uint32_t count = 0;  // of children
  };
  struct Tree;

  template <class PredicateHolds>
  bool node_holds(const Node& node, PredicateHolds& predicate_holds) const {
    switch (node.kind) {
      case Kind::kTrue:
      case Kind::kFalse:
        return node.kind == Kind::kTrue;
      case Kind::kPredicate:
        return predicate_holds(node.first);
      case Kind::kNot:
        return !node_holds(nodes_[node.first], predicate_holds);
      case Kind::kAnd:
      case Kind::kOr:
        for (std::uint32_t i = 0; i < node.count; ++i) {
          if (node_holds(nodes_[node.first + i], predicate_holds) == (node.kind == Kind::kOr)) {
            return node.kind == Kind::kOr;
          }
        }
        return node.kind == Kind::kAnd;
    }
    return false;
  }

  /// Whether the node's answer may be `answer`.
  template <class PredicateHolds, class IsUnknown>
  bool node_may_be(bool answer, const Node& node, PredicateHolds& predicate_holds, IsUnknown& is_unknown) const {
    switch (node.kind) {
      case Kind::kTrue:
      case Kind::kFalse:
        return (node.kind == Kind::kTrue) == answer;
      case Kind::kPredicate:
        return is_unknown(node.first) || predicate_holds(node.first) == answer;
      case Kind::kNot:
        return node_may_be(!answer, nodes_[node.first], predicate_holds, is_unknown);
      case Kind::kAnd:
      case Kind::kOr: {
        const bool by_one = (node.kind == Kind::kOr) == answer;  // one child that has the answer is enough
        for (std::uint32_t i = 0; i < node.count; ++i) {
          if (node_may_be(answer, nodes_[node.first + i], predicate_holds, is_unknown) == by_one) return by_one;
        }
        return !by_one;
      }
    }
    return true;
  }

  static Tree simplified(const Expression& expression, const RuleSet& rules);
  void place(const Tree& tree, std::uint32_t at);

  // One for each detection, without its filters; one for each filter of each; then their children, those of one node
  // side by side.
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> filters_;  // by detection: where its filters begin in nodes_, and the next one's
};

}  // namespace tripline::engine
