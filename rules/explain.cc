#include "rules/explain.h"

#include <string_view>
#include <utility>
#include <variant>

#include "engine/predicate.h"
#include "engine/secrets.h"

namespace tripline::rules {
namespace {

using Kind = engine::Expression::Kind;

constexpr std::size_t kLongestValue = 160;  // bytes
constexpr std::size_t kMostValues = 8;

std::string cut(std::string_view text) {
  if (text.size() <= kLongestValue) return std::string(text);
  auto end = kLongestValue;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return std::string(text.substr(0, end)) + "… (" + std::to_string(text.size()) + " bytes)";
}

std::string shown(engine::Value& value, bool secret, engine::Event& event) {
  const auto text = event.text(value);
  switch (value.type) {
    case engine::ValueType::kNull:
    case engine::ValueType::kBool:
    case engine::ValueType::kNumber:
      return std::string(text);
    case engine::ValueType::kString:
      return secret ? "(a secret)" : "'" + cut(text) + "'";
    case engine::ValueType::kContainer:
      return secret || engine::holds_secret(text) ? "(holds a secret)" : cut(text);
  }
  return "";
}

Explanation::Found find(engine::FieldId field, engine::Event& event) {
  Explanation::Found found{event.fields()[field].path, {}};
  const bool secret = engine::is_secret(found.field);
  const auto values = event.values(field);
  for (auto& value : values) {
    // An array is left out where its elements are shown.
    if (value.type == engine::ValueType::kContainer && values.size() > 1 && event.text(value).starts_with('['))
      continue;
    if (found.values.size() == kMostValues) {
      found.values.push_back("… (" + std::to_string(values.size()) + " in all)");
      break;
    }
    found.values.push_back(shown(value, secret, event));
  }
  return found;
}

bool answer(const Explanation& whole) {
  switch (whole.kind) {
    case Kind::kNot:
      return !whole.parts.at(0).holds;
    case Kind::kAnd:
      for (const auto& part : whole.parts) {
        if (!part.holds) return false;
      }
      return true;
    case Kind::kOr:
      for (const auto& part : whole.parts) {
        if (part.holds) return true;
      }
      return false;
    case Kind::kTrue:
    case Kind::kFalse:
    case Kind::kPredicate:
      break;
  }
  return whole.kind == Kind::kTrue;
}

constexpr std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kTrue:
      return "always";
    case Kind::kFalse:
      return "never";
    case Kind::kNot:
      return "not";
    case Kind::kAnd:
      return "all of";
    case Kind::kOr:
      return "any of";
    case Kind::kPredicate:
      break;
  }
  return "";
}

void add_lines(const Explanation& part, std::size_t depth, std::vector<std::string>& lines) {
  const std::string indent(2 * depth, ' ');
  std::string line = indent + (part.holds ? "✓ " : "✗ ");
  if (!part.search.empty()) {
    line += part.search;
    line += part.line > 0 ? " (line " + std::to_string(part.line) + "): " : ": ";
  }
  lines.push_back(line + part.says);
  for (const auto& found : part.found) {
    std::string values;
    for (const auto& value : found.values) values += (values.empty() ? "" : ", ") + value;
    lines.push_back(indent + "    " + found.field + (found.values.empty() ? " is missing" : " = " + values));
  }
  for (const auto& child : part.parts) add_lines(child, depth + 1, lines);
}

}  // namespace

Explanation explain(const engine::Expression& expression, const engine::RuleSet& rules, engine::Event& event) {
  Explanation out;
  out.kind = expression.kind;
  out.search = expression.label;
  out.line = expression.line;
  if (expression.kind == Kind::kPredicate) {
    const auto& predicate = rules.predicates[expression.predicate];
    out.says = describe(predicate, rules.fields);
    out.holds = evaluate(predicate, event);
    if (predicate.field != engine::kNoField) out.found.push_back(find(predicate.field, event));
    if (const auto* reference = std::get_if<engine::FieldRefTest>(&predicate.test)) {
      out.found.push_back(find(reference->other, event));
    }
    return out;
  }
  out.says = name_of(expression.kind);
  for (const auto& child : expression.children) out.parts.push_back(explain(child, rules, event));
  out.holds = answer(out);
  return out;
}

std::vector<std::string> explain_lines(const Explanation& explanation) {
  std::vector<std::string> lines;
  add_lines(explanation, 0, lines);
  return lines;
}

}  // namespace tripline::rules
