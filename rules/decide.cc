#include "rules/decide.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace tripline::rules {
namespace {

using engine::Expression;
using engine::PredicateId;
using Kind = Expression::Kind;

class Decider {
 public:
  explicit Decider(const Implications& implications) : implications_(implications) {}

  /// The value of `expression` (of its negation, when `negated`) under what is assumed.
  std::optional<bool> value(const Expression& expression, bool negated) {
    switch (expression.kind) {
      case Kind::kTrue:
        return !negated;
      case Kind::kFalse:
        return negated;
      case Kind::kPredicate: {
        const auto known = assumed_.find(expression.predicate);
        if (known == assumed_.end()) return std::nullopt;
        return known->second != negated;
      }
      case Kind::kNot:
        return value(expression.children.front(), !negated);
      case Kind::kAnd:
      case Kind::kOr:
        break;
    }
    // An `and` is false when one part is, and so its parts may be judged as if the others were true. Read with true and
    // false exchanged, the same holds of an `or`.
    const bool decisive = is_or(expression, negated);
    Parts parts;
    gather(expression, negated, decisive, parts);

    const std::size_t mark = log_.size();
    std::optional<bool> result = !decisive;
    for (const auto& [predicate, as] : parts.predicates) {
      const auto known = assumed_.find(predicate);
      if (known == assumed_.end()) {
        result = std::nullopt;
        assume(predicate, as != decisive);
      } else if ((known->second == as) == decisive) {
        result = decisive;
        break;
      }
    }
    if (result != decisive && clash_) result = decisive;
    for (const auto& [part, part_negated] : parts.rest) {
      if (result == decisive) break;
      const auto known = value(*part, part_negated);
      if (known != std::optional(!decisive)) result = known;
    }
    forget(mark);
    return result;
  }

 private:
  struct Parts {
    std::vector<std::pair<PredicateId, bool>> predicates;  // as they stand: false for a negated one
    std::vector<std::pair<const Expression*, bool>> rest;
  };

  static bool is_or(const Expression& expression, bool negated) { return (expression.kind == Kind::kOr) != negated; }

  /// The parts of `expression`, those of the same operator inside it included.
  static void gather(const Expression& expression, bool negated, bool as_or, Parts& parts) {
    for (const Expression& child : expression.children) {
      const Expression* part = &child;
      bool part_negated = negated;
      while (part->kind == Kind::kNot) {
        part = &part->children.front();
        part_negated = !part_negated;
      }
      const bool branches = part->kind == Kind::kAnd || part->kind == Kind::kOr;
      if (part->kind == Kind::kPredicate) {
        parts.predicates.emplace_back(part->predicate, !part_negated);
      } else if (branches && is_or(*part, part_negated) == as_or) {
        gather(*part, part_negated, as_or, parts);
      } else {
        parts.rest.emplace_back(part, part_negated);
      }
    }
  }

  void assume(PredicateId predicate, bool value) {
    set(predicate, value);
    if (implications_) {
      implications_(predicate, value, [this](PredicateId other, bool other_value) { set(other, other_value); });
    }
  }

  void set(PredicateId predicate, bool value) {
    const auto [at, fresh] = assumed_.try_emplace(predicate, value);
    if (fresh) log_.push_back(predicate);
    if (at->second != value) clash_ = true;
  }

  void forget(std::size_t mark) {
    while (log_.size() > mark) {
      assumed_.erase(log_.back());
      log_.pop_back();
    }
    clash_ = false;
  }

  const Implications& implications_;
  std::unordered_map<PredicateId, bool> assumed_;
  std::vector<PredicateId> log_;
  bool clash_ = false;
};

}  // namespace

std::optional<bool> decide(const Expression& expression, const Implications& implications) {
  return Decider(implications).value(expression, false);
}

}  // namespace tripline::rules
