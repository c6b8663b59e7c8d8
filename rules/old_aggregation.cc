#include "rules/old_aggregation.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "engine/text.h"
#include "rules/condition.h"
#include "rules/search_use.h"
#include "rules/sigma_yaml.h"

namespace tripline::rules {
namespace {

struct OldOperator {
  std::string_view sign, name;
};
constexpr OldOperator kOperators[] = {
    {">=", "gte"}, {"<=", "lte"}, {"==", "eq"}, {"!=", "neq"}, {">", "gt"}, {"<", "lt"}, {"=", "eq"},
};

/// What an old function is called today; empty: there is no such correlation.
struct OldFunction {
  std::string_view name, type;
};
constexpr OldFunction kFunctions[] = {
    {"count", "event_count"}, {"sum", "value_sum"}, {"avg", "value_avg"}, {"min", ""}, {"max", ""},
};

struct Aggregation {
  const OldFunction* function = nullptr;
  std::string field;  // in the function's parentheses
  std::vector<std::string> by;
  std::string_view op;  // gt, ...
  std::string number;
};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    if (const auto word = trimmed(text.substr(0, end)); !word.empty()) out.emplace_back(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// `count(field) by a, b > 5`.
std::optional<Aggregation> parse_aggregation(std::string_view text) {
  Aggregation out;
  const auto open = text.find('('), close = text.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  const auto name = engine::fold(trimmed(text.substr(0, open)));
  for (const auto& row : kFunctions) {
    if (row.name == name) out.function = &row;
  }
  if (!out.function) return {};
  out.field = trimmed(text.substr(open + 1, close - open - 1));

  auto rest = text.substr(close + 1);
  const auto sign = rest.find_first_of("<>=!");
  if (sign == std::string_view::npos) return {};
  auto by = trimmed(rest.substr(0, sign));
  rest = rest.substr(sign);
  for (const auto& row : kOperators) {
    if (!rest.starts_with(row.sign)) continue;
    out.op = row.name;
    out.number = trimmed(rest.substr(row.sign.size()));
    break;
  }
  if (out.op.empty() || out.number.empty() || out.number.find_first_not_of("0123456789.-") != std::string::npos) {
    return {};
  }
  if (!by.empty()) {
    if (!engine::starts_with_folded(by, "by ")) return {};
    out.by = split(by.substr(3), ", ");
  }
  return out;
}

/// A name for correlations to refer to: the rule's own, else one made of its title.
std::string name_of(const DetectionRule& rule) {
  if (!rule.rule.name.empty()) return rule.rule.name;
  std::string name;
  for (char c : engine::fold(rule.rule.title)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept) name += c;
    if (!kept && !name.empty() && name.back() != '_') name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name.size() < 2 ? "base_rule" : name;
}

std::string head(const std::string& title) { return "title: " + yaml_scalar(title) + "\n"; }
std::string level(engine::Level level) { return "level: " + std::string(engine::name_of(level)) + "\n"; }

std::string timespan(const DetectionRule& rule) {
  const auto& text = rule.body.timeframe;
  const bool is_span =
      std::all_of(text.begin(), text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)); });
  return text.empty() ? "  timespan: 1h  # the rule names no timeframe: choose one\n"
                      : "  timespan: " + (is_span ? text : yaml_scalar(text)) + "\n";
}

std::string modern_count(const DetectionRule& rule, std::string_view searches, const Aggregation& old) {
  if (old.function->type.empty()) {
    return "there is no such correlation, and none is needed: some event decides. Add `" + old.field + "|" +
           std::string(old.op) + ": " + old.number + "` to the search and end the condition before the `|`";
  }
  const bool counts_values = old.function->name == "count" && !old.field.empty();
  const auto name = name_of(rule);
  std::string out = "give this rule `name: " + name + "`, make its condition `" + std::string(trimmed(searches)) +
                    "`, " + (rule.body.timeframe.empty() ? "" : "remove `timeframe`, ") +
                    "and add this document:\n---\n";
  out += head(rule.rule.title + " (correlation)") + "correlation:\n  type: ";
  out += (counts_values ? "value_count" : std::string(old.function->type)) + "\n";
  out += "  rules:\n" + yaml_list({name}, 4);
  out += old.by.empty() ? "  group-by: []\n" : "  group-by:\n" + yaml_list(old.by, 4);
  out += timespan(rule) + "  condition:\n";
  if (!old.field.empty()) out += "    field: " + yaml_scalar(old.field) + "\n";
  return out + "    " + std::string(old.op) + ": " + old.number + "\n" + level(rule.rule.level);
}

/// A rule of its own for one side of `near`.
std::string base_rule(const DetectionRule& rule, const std::string& name, const Condition& condition) {
  std::string out = "---\n" + head(rule.rule.title + " (" + to_string(condition) + ")");
  out += "name: " + yaml_scalar(name) + "\nlogsource:\n";
  const auto& source = rule.rule.log_source;
  for (const auto& [key, value] : {std::pair{"category", source.category}, std::pair{"product", source.product},
                                   std::pair{"service", source.service}}) {
    if (!value.empty()) out += std::string("  ") + key + ": " + yaml_scalar(value) + "\n";
  }
  out += "detection:\n";
  DetectionBody alone;
  alone.searches = rule.body.searches;
  alone.conditions.push_back({to_string(condition), {}});
  for (const auto& use : uses_of(alone)) {
    if (use.wanted || use.excluded) out += to_yaml(*use.search, 2);
  }
  return out + "  condition: " + yaml_scalar(to_string(condition)) + "\n" + level(engine::Level::kInformational);
}

std::string modern_near(const DetectionRule& rule, std::string_view first, std::string_view others) {
  // `a | near b and not c`: a, b and c are judged event by event, the rest of the condition over them is temporal.
  auto left = parse_condition(first), right = parse_condition(others);
  if (!std::holds_alternative<Condition>(left) || !std::holds_alternative<Condition>(right)) return "";
  std::vector<Condition> steps{std::get<Condition>(left)};
  auto& near = std::get<Condition>(right);
  if (near.kind == Condition::Kind::kAnd) {
    steps.insert(steps.end(), near.children.begin(), near.children.end());
  } else {
    steps.push_back(std::move(near));
  }

  const auto prefix = name_of(rule) + "_";
  std::vector<std::string> names;
  std::string base_rules, condition;
  bool negated = false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool absent = steps[i].kind == Condition::Kind::kNot;
    const auto& step = absent ? steps[i].children.at(0) : steps[i];
    names.push_back(prefix + (step.kind == Condition::Kind::kName ? step.name : std::to_string(i + 1)));
    base_rules += base_rule(rule, names.back(), step);
    condition += (i > 0 ? " and " : "") + std::string(absent ? "not " : "") + names.back();
    negated = negated || absent;
  }
  std::string out = "write each part as a rule of its own, and a correlation over them, in place of this rule:\n---\n";
  out += head(rule.rule.title) + "correlation:\n  type: temporal\n  rules:\n" + yaml_list(names, 4);
  out += "  group-by: []\n" + timespan(rule);
  if (negated) out += "  condition: " + yaml_scalar(condition) + "\n";
  return out + level(rule.rule.level) + base_rules;
}

}  // namespace

std::string modern_form(const DetectionRule& rule, std::string_view condition) {
  const auto bar = condition.find('|');
  if (bar == std::string_view::npos) {
    constexpr std::string_view kNear = " near ";  // some wrote it without the bar
    const auto near = engine::fold(condition).find(kNear);
    return near == std::string::npos
               ? ""
               : modern_near(rule, condition.substr(0, near), condition.substr(near + kNear.size()));
  }
  const auto searches = condition.substr(0, bar);
  auto rest = trimmed(condition.substr(bar + 1));
  if (engine::starts_with_folded(rest, "near ")) return modern_near(rule, searches, rest.substr(5));
  const auto aggregation = parse_aggregation(rest);
  return aggregation ? modern_count(rule, searches, *aggregation) : "";
}

}  // namespace tripline::rules
