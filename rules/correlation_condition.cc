#include "rules/correlation_condition.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/pattern.h"
#include "engine/text.h"
#include "rules/condition.h"
#include "rules/text_lines.h"

namespace tripline::rules {
namespace {

using Asks = CorrelationTypeRow::Asks;
using Fields = CorrelationTypeRow::Fields;

constexpr std::string_view kOperators[] = {"gt", "gte", "lt", "lte", "eq", "neq"};

bool is_operator(std::string_view key) {
  return std::find(std::begin(kOperators), std::end(kOperators), key) != std::end(kOperators);
}

class ConditionReader {
 public:
  ConditionReader(const CorrelationTypeRow& type, NodeReader& reader, CorrelationRule& rule)
      : type_(type), reader_(reader), rule_(rule) {}

  void read_map(const YamlNode& node) {
    const bool has_number = type_.asks != Asks::kNovelty;
    const bool has_percentile = type_.name == "value_percentile";
    std::vector<std::string_view> keys;
    if (type_.fields != Fields::kNone) keys.push_back("field");
    if (has_number) keys.insert(keys.end(), std::begin(kOperators), std::end(kOperators));
    if (has_percentile) keys.push_back("percentile");
    reader_.refuse_unknown_keys(node, keys, "condition of type " + std::string(type_.name));
    if (type_.fields != Fields::kNone) read_fields(node);
    if (has_percentile) read_percentile(node);
    if (!has_number) return;
    bool numbers_read = true;
    for (const auto& entry : node.entries) {
      if (is_operator(entry.key)) numbers_read = read_bound(entry) && numbers_read;
    }
    if (!numbers_read) return;
    if (rule_.bounds.empty()) {
      fail(node, "the condition has no number to compare with", "add one of " + enumerate(kOperators, "or"));
    } else {
      check_bounds(node);
    }
  }

  void read_boolean(const YamlNode& node) {
    rule_.rule_condition = node.text;
    const auto parsed = parse_condition(node.text);
    if (const auto* error = std::get_if<ConditionError>(&parsed)) {
      const bool pipe = error->code == "old-aggregation";  // its hint is for detections
      reader_.report(pipe ? "condition-syntax" : error->code, column_in(node, error->column), error->message,
                     pipe ? "join rule names with `and`, `or` and `not`" : error->hint);
      return;
    }
    const auto& condition = std::get<Condition>(parsed);
    check_names(condition, node, rule_.rules.empty());
    for (const Reference& reference : rule_.rules) {
      if (!names(condition, reference.name)) {
        reader_.report("correlation-condition", reference.at, "the condition does not name `" + reference.name + "`",
                       "name it in the condition, or remove it from `rules`");
      }
    }
    if (holds_without_events(condition)) {
      reader_.report("correlation-no-positive", reader_.at(node), "the condition can hold without any event",
                     "join each `not` with a rule that must match, such as `a and not b`");
    }
  }

  void fail(const YamlNode& at, std::string message, std::string hint = "") {
    reader_.report("correlation-condition", reader_.at(at), std::move(message), std::move(hint));
  }

 private:
  Position column_in(const YamlNode& node, int column) const {
    return place_in(reader_.at(node), node.lines, static_cast<std::size_t>(column - 1));
  }

  void read_fields(const YamlNode& condition) {
    const YamlNode* field = condition.find("field");
    if (field) rule_.field = reader_.strings(*field, "field");
    if (rule_.field.empty()) {
      fail(condition, "the condition of type " + std::string(type_.name) + " names no field",
           "add `field:` with the name of the field whose values count");
    } else if (rule_.field.size() > 1 && type_.fields == Fields::kOne) {
      fail(*field, std::string(type_.name) + " takes one field", "write a correlation for each field");
    }
  }

  std::optional<double> number_of(const YamlNode& node, std::string_view name) {
    const auto text = reader_.text(node, name);
    if (!text) return std::nullopt;
    if (plain_kind(*text) == Scalar::Kind::kNumber) return std::strtod(text->c_str(), nullptr);
    fail(node, "`" + std::string(name) + ": " + *text + "` is no number");
    return std::nullopt;
  }

  void read_percentile(const YamlNode& condition) {
    const YamlNode* node = condition.find("percentile");
    if (!node) {
      reader_.report("percentile-not-named", reader_.at(condition),
                     "the condition does not say which percentile, and the median is compared with its number",
                     "write `percentile: 95`, or type value_median; what is new, and so rare, new_value finds");
      return;
    }
    rule_.percentile = number_of(*node, "percentile");
    if (rule_.percentile && !(*rule_.percentile >= 0 && *rule_.percentile <= 100)) {
      fail(*node, "a percentile is a number from 0 to 100");
    }
  }

  bool read_bound(const YamlNode::Entry& entry) {
    if (entry.value.is_null()) {
      reader_.report("correlation-condition", reader_.at(entry), "`" + entry.key + "` has no number");
      return false;
    }
    const auto number = number_of(entry.value, entry.key);
    if (!number) return false;
    const bool is_count = *number >= 0 && *number == std::floor(*number);
    if (type_.asks != Asks::kNumber && !is_count) {
      fail(entry.value, "`" + entry.key + ": " + entry.value.text + "` is no count",
           "write a whole number, such as 10");
      return false;
    }
    rule_.bounds.push_back({entry.key, *number});
    return true;
  }

  /// Says whether any number is within the bounds, and whether not all are.
  void check_bounds(const YamlNode& node) {
    const bool counts = type_.asks != Asks::kNumber;
    const bool of_steps = type_.asks == Asks::kSteps || type_.asks == Asks::kEveryStep;
    if (of_steps && rule_.rules.empty()) return;  // reported already
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double first = counts ? 0 : -kInfinity;
    const double last = of_steps ? static_cast<double>(rule_.rules.size()) : kInfinity;
    double least = first;
    double most = last;
    std::vector<double> excluded;
    for (const auto& [op, value] : rule_.bounds) {
      const double next = counts ? 1 : 0;  // counts are whole: `gt: 2` is `gte: 3`
      if (op == "gte" || op == "eq") least = std::max(least, value);
      if (op == "lte" || op == "eq") most = std::min(most, value);
      if (op == "gt") least = std::max(least, value + next);
      if (op == "lt") most = std::min(most, value - next);
      if (op == "neq" || (!counts && (op == "gt" || op == "lt"))) excluded.push_back(value);
    }
    const bool only_excluded = least == most && std::find(excluded.begin(), excluded.end(), least) != excluded.end();
    if (of_steps && least > last) {
      fail(node, "the condition asks for more rules than the " + std::to_string(rule_.rules.size()) + " it correlates");
    } else if (least > most || only_excluded) {
      reader_.report("never-matches", reader_.at(node), "no number is within all bounds of the condition");
    } else if (least == first && most == last && excluded.empty()) {
      fail(node, "every number satisfies the condition", "write a number above 0");
    } else if (type_.asks == Asks::kEveryStep && least != last) {
      fail(node, "temporal_ordered asks for all of its rules",
           "leave the condition out, or take type temporal, which can ask for some of them");
    } else if (type_.asks == Asks::kSteps && least < 1) {
      reader_.report("correlation-no-positive", reader_.at(node), "the condition can hold without any event",
                     "ask for one rule at least, such as `gte: 2`");
    }
  }

  /// Every name must be one of the correlation's rules; with `collect`, they become its rules.
  void check_names(const Condition& condition, const YamlNode& node, bool collect) {
    for (const Condition& child : condition.children) check_names(child, node, collect);
    if (condition.kind == Condition::Kind::kOf) check_pattern(condition, node, collect);
    if (condition.kind != Condition::Kind::kName) return;
    const auto is_it = [name = engine::fold(condition.name)](const Reference& reference) {
      return engine::equals_folded(reference.name, name);
    };
    if (std::any_of(rule_.rules.begin(), rule_.rules.end(), is_it)) return;
    if (collect) {
      rule_.rules.push_back({condition.name, column_in(node, condition.column)});
      return;
    }
    std::vector<std::string_view> names;
    for (const Reference& reference : rule_.rules) names.push_back(reference.name);
    const std::string_view slip = did_you_mean(condition.name, names);
    reader_.report("unknown-rule", column_in(node, condition.column),
                   "`" + condition.name + "` is none of the correlation's rules",
                   slip.empty() ? "list it under `rules:`" : "did you mean `" + std::string(slip) + "`?");
  }

  /// Whether the condition speaks of the rule, by name or by pattern.
  static bool names(const Condition& condition, const std::string& rule) {
    if (condition.kind == Condition::Kind::kName) return engine::equals_folded(rule, engine::fold(condition.name));
    if (condition.kind == Condition::Kind::kOf) {
      return condition.name == "them" || name_pattern(condition.name).matches(rule);
    }
    return std::any_of(condition.children.begin(), condition.children.end(),
                       [&rule](const Condition& child) { return names(child, rule); });
  }

  void check_pattern(const Condition& of, const YamlNode& node, bool collect) {
    if (collect) {
      reader_.report("correlation-condition", column_in(node, of.column), "a pattern needs `rules` to choose from",
                     "list the rules under `rules:`");
      return;
    }
    if (of.name == "them") return;
    const engine::Pattern pattern = name_pattern(of.name);
    for (const Reference& reference : rule_.rules) {
      if (pattern.matches(reference.name)) return;
    }
    reader_.report("unknown-rule", column_in(node, of.column), "no rule of the correlation fits `" + of.name + "`",
                   "list it under `rules:`");
  }

  static bool holds_without_events(const Condition& condition) {
    const auto& children = condition.children;
    switch (condition.kind) {
      case Condition::Kind::kName:
      case Condition::Kind::kOf:
        return false;
      case Condition::Kind::kNot:
        return !holds_without_events(children.front());
      case Condition::Kind::kAnd:
        return std::all_of(children.begin(), children.end(), holds_without_events);
      case Condition::Kind::kOr:
        return std::any_of(children.begin(), children.end(), holds_without_events);
    }
    return false;
  }

  const CorrelationTypeRow& type_;
  NodeReader& reader_;
  CorrelationRule& rule_;
};

}  // namespace

engine::Pattern name_pattern(std::string_view text) {
  std::vector<engine::Pattern::Part> parts;
  for (std::size_t star = text.find('*'); star != std::string_view::npos; star = text.find('*')) {
    parts.push_back({engine::Pattern::Part::Kind::kText, std::string(text.substr(0, star))});
    parts.push_back({engine::Pattern::Part::Kind::kMany, ""});
    text.remove_prefix(star + 1);
  }
  parts.push_back({engine::Pattern::Part::Kind::kText, std::string(text)});
  std::erase_if(parts,
                [](const auto& part) { return part.kind == engine::Pattern::Part::Kind::kText && part.text.empty(); });
  return engine::Pattern(std::move(parts), false);
}

void read_correlation_condition(const YamlNode& node, const CorrelationTypeRow& type, NodeReader& reader,
                                CorrelationRule& rule) {
  ConditionReader condition(type, reader, rule);
  if (node.kind == YamlNode::Kind::kMap) {
    condition.read_map(node);
  } else if (node.kind == YamlNode::Kind::kScalar && type.asks == Asks::kSteps) {
    condition.read_boolean(node);
  } else if (type.asks == Asks::kEveryStep) {
    condition.fail(node, "temporal_ordered asks for all of its rules in order, and takes no boolean condition",
                   "leave the condition out, or take type temporal");
  } else {
    condition.fail(node, "the condition of type " + std::string(type.name) + " is a map",
                   type.fields == Fields::kNone ? "write `condition: {gte: 10}`"
                                                : "write `condition: {field: awsRegion, gte: 10}`");
  }
}

}  // namespace tripline::rules
