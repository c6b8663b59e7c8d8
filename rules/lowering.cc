#include "rules/lowering.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "rules/condition.h"
#include "rules/decide.h"
#include "rules/field_item.h"
#include "rules/implications.h"
#include "rules/search_use.h"
#include "rules/text_lines.h"

namespace tripline::rules {
namespace {

using engine::Expression;

/// Most parts that a rule's expression may have: a condition can name a large search often.
constexpr std::size_t kMaxParts = 200'000;

std::size_t parts_of(const Expression& expression) {
  std::size_t parts = 1;
  for (const Expression& child : expression.children) parts += parts_of(child);
  return parts;
}

Expression all_of(std::vector<Expression> parts) {
  return parts.size() == 1 ? std::move(parts.front()) : Expression::all(std::move(parts));
}
Expression any_of(std::vector<Expression> parts) {
  return parts.size() == 1 ? std::move(parts.front()) : Expression::any(std::move(parts));
}

class Lowering {
 public:
  Lowering(const DetectionBody& body, ItemContext& context) : body_(body), context_(context) {}

  std::optional<Expression> lower() {
    const std::size_t errors_before = context_.diagnostics.errors();
    for (const Search& search : body_.searches) searches_.push_back(compile(search));

    // First the condition over searches as wholes: it decides more, and costs nothing.
    std::vector<Expression> over_searches;
    bool all_parsed = !body_.conditions.empty();
    for (const ConditionText& text : body_.conditions) {
      auto parsed = parse_condition(text.text);
      if (const auto* error = std::get_if<ConditionError>(&parsed)) {
        report(error->code, place(text, error->column), error->message, error->hint);
        all_parsed = false;
        continue;
      }
      over_searches.push_back(resolve(std::get<Condition>(parsed), text));
    }
    if (body_.conditions.empty()) {
      report("missing-attribute", body_.at, "the detection has no condition", "add e.g. `condition: selection`");
    }
    if (all_parsed) warn_of_unused();
    if (context_.diagnostics.errors() > errors_before) return std::nullopt;

    const Expression condition = any_of(std::move(over_searches));
    std::optional<Expression> whole = with_searches(condition);
    if (!whole || !can_match(condition, *whole)) return std::nullopt;
    return whole;
  }

 private:
  void report(std::string_view code, const Position& at, std::string message, std::string hint) {
    context_.diagnostics.add(code, at, std::move(message), std::move(hint), context_.title);
  }

  static Position place(const ConditionText& text, int column) {
    return place_in(text.at, text.lines, static_cast<std::size_t>(column - 1));
  }

  /// A search with errors in it becomes a constant; they are in the diagnostics.
  Expression compile(const Search& search) {
    std::vector<Expression> any;
    bool empty = search.any.empty();
    for (const auto& map : search.any) {
      empty = empty || map.empty();
      std::vector<Expression> all;
      for (const FieldItem& item : map) {
        if (auto test = compile_item(item, context_)) all.push_back(std::move(*test));
      }
      any.push_back(all_of(std::move(all)));
    }
    if (empty)
      report("empty-search", search.at, "the search `" + search.name + "` is empty", "name a field or a keyword");
    Expression whole = any_of(std::move(any));
    whole.label = search.name;
    if (whole.line == 0) whole.line = search.at.line;
    return whole;
  }

  /// The condition as an expression whose predicates are searches, by their place in the body.
  Expression resolve(const Condition& condition, const ConditionText& text) {
    const int line = place(text, condition.column).line;
    std::vector<Expression> children;
    for (const Condition& child : condition.children) children.push_back(resolve(child, text));
    Expression expression;
    switch (condition.kind) {
      case Condition::Kind::kName:
        return reference(condition, text);
      case Condition::Kind::kOf:
        expression = several(condition, text);
        break;
      case Condition::Kind::kNot:
        expression = Expression::negate(std::move(children.front()));
        break;
      case Condition::Kind::kAnd:
        expression = Expression::all(std::move(children));
        break;
      case Condition::Kind::kOr:
        expression = Expression::any(std::move(children));
        break;
    }
    expression.line = line;
    return expression;
  }

  Expression reference(const Condition& condition, const ConditionText& text) {
    for (std::size_t i = 0; i < body_.searches.size(); ++i) {
      if (body_.searches[i].name == condition.name) return use(i);
    }
    const std::string meant = meant_by(condition.name);
    report("unknown-search", place(text, condition.column), "the detection has no search `" + condition.name + "`",
           meant.empty() ? known_searches() : "did you mean `" + meant + "`?");
    return Expression::constant(false);
  }

  Expression several(const Condition& condition, const ConditionText& text) {
    const bool them = condition.name == "them";
    std::vector<Expression> found;
    for (const std::size_t search : searches_of(body_, condition.name)) found.push_back(use(search));
    if (found.empty()) {
      std::string stem = condition.name.substr(0, condition.name.find('*'));
      while (stem.ends_with('_')) stem.pop_back();
      const std::string meant = them ? "" : meant_by(stem);
      report("unknown-search", place(text, condition.column),
             them ? "`them` finds no search" : "no search is called `" + condition.name + "`",
             meant.empty() ? known_searches() : "did you mean `" + meant + "`?");
    }
    return condition.all ? Expression::all(std::move(found)) : Expression::any(std::move(found));
  }

  Expression use(std::size_t search) {
    used_.insert(search);
    return Expression::of(static_cast<engine::PredicateId>(search), body_.searches[search].at.line);
  }

  /// The search that a name which finds none is likely a slip of, or empty. It counts as used: to say that nothing uses
  /// it would be to say the same twice.
  std::string meant_by(std::string_view name) {
    std::vector<std::string_view> names;
    for (const Search& search : body_.searches) names.push_back(search.name);
    const std::string_view meant = did_you_mean(name, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!meant.empty() && names[i] == meant) used_.insert(i);
    }
    return std::string(meant);
  }

  std::string known_searches() const {
    constexpr std::size_t kMost = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(kMost, body_.searches.size()); ++i) {
      names += (i == 0 ? "its searches are " : ", ") + body_.searches[i].name;
    }
    return names + (body_.searches.size() > kMost ? ", ..." : "");
  }

  void warn_of_unused() {
    for (std::size_t i = 0; i < body_.searches.size(); ++i) {
      if (used_.contains(i)) continue;
      report("unused-search", body_.searches[i].at, "no condition uses the search `" + body_.searches[i].name + "`",
             "use it, or remove it");
    }
  }

  /// Puts the searches' expressions in their places.
  std::optional<Expression> with_searches(const Expression& condition) {
    std::vector<std::size_t> sizes;
    for (const Expression& search : searches_) sizes.push_back(parts_of(search));
    if (unfolded(condition, sizes) > kMaxParts) {
      report("rule-too-large", body_.at,
             "the condition and its searches unfold into more than " + std::to_string(kMaxParts) + " tests",
             "name each search once, or split the rule");
      return std::nullopt;
    }
    return substitute(condition);
  }

  static std::size_t unfolded(const Expression& condition, const std::vector<std::size_t>& sizes) {
    if (condition.kind == Expression::Kind::kPredicate) return sizes[condition.predicate];
    std::size_t parts = 1;
    for (const Expression& child : condition.children) parts += unfolded(child, sizes);
    return parts;
  }

  Expression substitute(const Expression& condition) const {
    if (condition.kind == Expression::Kind::kPredicate) return searches_[condition.predicate];
    Expression copy;
    copy.kind = condition.kind;
    copy.line = condition.line;
    for (const Expression& child : condition.children) copy.children.push_back(substitute(child));
    return copy;
  }

  bool can_match(const Expression& condition, const Expression& whole) {
    auto decided = decide(condition);
    if (!decided) decided = decide(whole, implications_of(whole, context_.into.predicates));
    if (!decided) return true;
    const Position at = body_.conditions.front().at;
    if (*decided) {
      report("always-matches", at, "the condition holds on every event", "name what the rule looks for");
      return true;
    }
    report("never-matches", at, "the condition can never hold",
           "look for a search that stands beside its own opposite");
    return false;
  }

  const DetectionBody& body_;
  ItemContext& context_;
  std::vector<Expression> searches_;
  std::set<std::size_t> used_;
};

}  // namespace

std::optional<engine::Expression> lower(const DetectionBody& body, const std::string& title, const Lists& lists,
                                        const std::map<std::string, std::string>& field_map, engine::RuleSet& into,
                                        Diagnostics& diagnostics) {
  ItemContext context{title, lists, field_map, into, diagnostics};
  return Lowering(body, context).lower();
}

}  // namespace tripline::rules
