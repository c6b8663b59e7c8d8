#include "engine/needs.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <re2/re2.h>

#include "engine/derived.h"
#include "engine/regex_literals.h"
#include "engine/rule_set.h"
#include "engine/text.h"

namespace tripline::engine {
namespace {

/// Shorter literals occur nearly everywhere.
constexpr std::size_t kShortest = 3;

/// Literals of which one is necessary, and a guess at the share of events that hold one. Without literals: nothing
/// ever matches.
struct Clause {
  std::vector<NeededLiteral> literals;
  double share = 0;
};

/// Guesses for the share of events in which a field equals a value that somebody looks for. Only their order counts.
struct FieldShare {
  std::string_view path;
  double share;
};
constexpr FieldShare kShares[] = {
    {"eventName", 0.001},       {"errorCode", 0.01},    {"eventSource", 0.02},       {"EventID", 0.005},
    {"outcome", 0.1},           {"awsRegion", 0.3},     {"recipientAccountId", 0.3}, {"userIdentity.accountId", 0.3},
    {"userIdentity.type", 0.3}, {"actor.type", 0.3},    {"actor.kind", 0.3},         {"actor.account", 0.3},
    {"eventType", 0.8},         {"eventCategory", 0.9}, {"managementEvent", 0.9},    {"readOnly", 0.5},
    {"eventVersion", 0.9},
};
constexpr double kAnyFieldShare = 0.01;
/// A derived field is computed for every event when the index asks for it; an origin is looked up besides.
constexpr double kDerivedCost = 0.1;
constexpr double kLineageCost = 0.4;
/// Keywords make the index read every text of every event.
constexpr double kKeywordCost = 0.5;

double equals_share(FieldId field, const FieldTable& fields) {
  double share = kAnyFieldShare;
  for (const auto& row : kShares) {
    if (row.path == fields[field].path) share = row.share;
  }
  const Derived* derived = fields[field].derived;
  return share + (derived == nullptr ? 0 : derived->needs_lineage ? kLineageCost : kDerivedCost);
}

double contains_share(const std::string& literal, FieldId field, const FieldTable& fields) {
  const double by_length = std::max(0.01, 0.3 / static_cast<double>(literal.size()));
  return field == kNoField ? by_length + kKeywordCost : std::max(by_length, equals_share(field, fields));
}

using MaybeClause = std::optional<Clause>;  // nothing: nothing is necessary

struct PredicateClause {
  const FieldTable& fields;
  FieldId field;

  MaybeClause contains(const std::vector<Pattern>& patterns) const {
    Clause clause;
    for (const auto& pattern : patterns) {
      std::string literal = pattern.longest_literal();
      const bool whole = pattern.kind() == Pattern::Kind::kExact && field != kNoField;
      if (!whole && literal.size() < kShortest) return std::nullopt;
      clause.share += whole ? equals_share(field, fields) : contains_share(literal, field, fields);
      const auto kind = whole ? NeededLiteral::Kind::kEquals : NeededLiteral::Kind::kContains;
      clause.literals.push_back({field, kind, std::move(literal)});
    }
    return clause;
  }

  MaybeClause operator()(const TextTest& test) const { return contains(test.any); }
  MaybeClause operator()(const KeywordTest& test) const { return contains(test.any); }
  MaybeClause operator()(const NumberTest& test) const {
    Clause clause;
    for (const double number : test.numbers) {
      char text[32];
      const auto end = std::to_chars(text, text + sizeof text, number == 0 ? 0.0 : number).ptr;
      clause.literals.push_back({field, NeededLiteral::Kind::kNumber, {text, end}});
    }
    for (const auto& text : test.texts) {
      clause.literals.push_back({field, NeededLiteral::Kind::kEquals, fold(text)});
    }
    clause.share = equals_share(field, fields) * static_cast<double>(std::max(test.numbers.size(), test.texts.size()));
    return clause;
  }
  MaybeClause operator()(const RegexTest& test) const {
    auto literals = needed_literals(*test.compiled, kShortest);
    if (!literals) return std::nullopt;
    Clause clause;
    for (auto& literal : *literals) {
      clause.share += contains_share(literal, field, fields);
      clause.literals.push_back({field, NeededLiteral::Kind::kContains, std::move(literal)});
    }
    return clause;
  }
  MaybeClause operator()(const CidrTest&) const { return std::nullopt; }
  MaybeClause operator()(const CompareTest&) const { return std::nullopt; }
  MaybeClause operator()(const TimePartTest&) const { return std::nullopt; }
  MaybeClause operator()(const NullTest&) const { return std::nullopt; }
  MaybeClause operator()(const ExistsTest&) const { return std::nullopt; }
  MaybeClause operator()(const FieldRefTest&) const { return std::nullopt; }
};

class Reader {
 public:
  Reader(const RuleSet& rules, Origins origins) : rules_(rules), origins_(origins) {}

  /// What `expression`, or its opposite, needs to hold.
  MaybeClause clause(const Expression& expression, bool negated) const {
    using Kind = Expression::Kind;
    switch (expression.kind) {
      case Kind::kTrue:
      case Kind::kFalse:
        return (expression.kind == Kind::kTrue) != negated ? std::nullopt : MaybeClause(Clause{});
      case Kind::kPredicate: {
        if (negated) return std::nullopt;
        const Predicate& predicate = rules_.predicates[expression.predicate];
        if (origins_ == Origins::kLater && needs_lineage(predicate, rules_.fields)) return std::nullopt;
        return std::visit(PredicateClause{rules_.fields, predicate.field}, predicate.test);
      }
      case Kind::kNot:
        return clause(expression.children[0], !negated);
      case Kind::kAnd:
      case Kind::kOr:
        return (expression.kind == Kind::kAnd) != negated ? rarest(expression, negated) : each(expression, negated);
    }
    return std::nullopt;
  }

 private:
  /// All parts have to hold: the part that is likely rarest serves for all.
  MaybeClause rarest(const Expression& expression, bool negated) const {
    MaybeClause best;
    for (const auto& child : expression.children) {
      MaybeClause found = clause(child, negated);
      if (found && (!best || found->share < best->share)) best = std::move(found);
    }
    return best;
  }

  /// One part has to hold: what any of them needs.
  MaybeClause each(const Expression& expression, bool negated) const {
    Clause all;
    for (const auto& child : expression.children) {
      MaybeClause found = clause(child, negated);
      if (!found) return std::nullopt;
      all.share += found->share;
      std::move(found->literals.begin(), found->literals.end(), std::back_inserter(all.literals));
    }
    return all;
  }

  const RuleSet& rules_;
  Origins origins_;
};

void collect_fields(const Expression& expression, const RuleSet& rules, std::vector<FieldId>& out) {
  if (expression.kind == Expression::Kind::kPredicate) {
    const Predicate& predicate = rules.predicates[expression.predicate];
    if (predicate.field != kNoField) out.push_back(predicate.field);
    if (const auto* reference = std::get_if<FieldRefTest>(&predicate.test)) out.push_back(reference->other);
  }
  for (const auto& child : expression.children) collect_fields(child, rules, out);
}

bool is_of_lineage(FieldId field, const FieldTable& fields) {
  const Derived* derived = field == kNoField ? nullptr : fields[field].derived;
  return derived != nullptr && derived->needs_lineage;
}

}  // namespace

std::vector<FieldId> fields_read_by(const Detection& detection, const RuleSet& rules) {
  std::vector<FieldId> fields = detection.shown;
  for (const TitlePart& part : detection.title) {
    if (!part.field.empty()) fields.push_back(part.id);
  }
  collect_fields(detection.condition, rules, fields);
  fields.insert(fields.end(), detection.group.begin(), detection.group.end());
  for (const FeedPlan& feed : detection.feeds) {
    const CorrelationInput& input = rules.correlations[feed.correlation].inputs[feed.input];
    fields.insert(fields.end(), input.group.begin(), input.group.end());
    fields.insert(fields.end(), input.counted.begin(), input.counted.end());
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

bool needs_lineage(const Predicate& predicate, const FieldTable& fields) {
  const auto* reference = std::get_if<FieldRefTest>(&predicate.test);
  return is_of_lineage(predicate.field, fields) || (reference != nullptr && is_of_lineage(reference->other, fields));
}

bool needs_lineage(const Detection& detection, const RuleSet& rules) {
  const std::vector<FieldId> fields = fields_read_by(detection, rules);
  return std::any_of(fields.begin(), fields.end(), [&](FieldId field) { return is_of_lineage(field, rules.fields); });
}

bool needs_lineage(const RuleSet& rules) {
  return std::any_of(rules.detections.begin(), rules.detections.end(),
                     [&](const Detection& detection) { return needs_lineage(detection, rules); });
}

Needs needs_of(const Detection& detection, const RuleSet& rules, Origins origins) {
  Needs needs;
  needs.fields = fields_read_by(detection, rules);
  // What a filter takes away is counted, so that it must be found.
  const Expression& condition = detection.filters.empty() ? detection.condition : detection.unfiltered;
  if (auto clause = Reader(rules, origins).clause(condition, false)) {
    needs.literals = std::move(clause->literals);
  } else {
    needs.every_record = true;
  }
  return needs;
}

std::vector<Needs> needs_of(const RuleSet& rules, Origins origins) {
  std::vector<Needs> needs;
  needs.reserve(rules.detections.size());
  for (const auto& detection : rules.detections) needs.push_back(needs_of(detection, rules, origins));
  return needs;
}

}  // namespace tripline::engine
