#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/rule.h"
#include "engine/title.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

// What Sigma documents say, before anything is compiled. Source: Sigma Rules, Correlation Rules and Filters
// Specifications 2.1.0. Values keep the text that stands in the file.

/// A YAML scalar. Plain (unquoted) text is a number only when it is written as JSON would write one without exponent
/// (`012` and `1e3` are text), a boolean only as true/True/TRUE or false/False/FALSE, null only as null/Null/NULL, ~ or
/// nothing; all else, `No` included, is a string.
struct Scalar {
  enum class Kind { kString, kNumber, kBool, kNull };
  Kind kind = Kind::kString;
  std::string text;  // as written, quotes and YAML escapes resolved
  Position at;
};

/// `field|modifier|...: value or list`. An empty field means keywords.
struct FieldItem {
  std::string field;
  std::vector<std::string> modifiers;
  std::vector<Scalar> values;
  bool is_list = false;  // written as a list
  Position at;
};

/// A search: any of its maps; a map: all of its items. A list of keywords is a map with one item without field.
struct Search {
  std::string name;
  std::vector<std::vector<FieldItem>> any;
  Position at;
};

/// Where a text that does not stand in its file as it is, or not on one line, goes on. Source: rules/text_lines.h.
struct TextLine {
  std::size_t offset;  // in the text
  int line;
  int column;
};

struct ConditionText {
  std::string text;
  Position at;  // of its first character
  std::vector<TextLine> lines{};
};

struct DetectionBody {
  std::vector<Search> searches;
  std::vector<ConditionText> conditions;  // several mean: any of them
  std::string timeframe;                  // of the old aggregations; empty: none
  Position at;
};

/// What the attributes of a document's head say beside engine::Rule.
struct Head {
  bool level_given = false;
  Position id_at;        // of the document's beginning when it has no id...
  Position name_at;      // ...and no name
  std::string taxonomy;  // empty: Sigma's own
  Position taxonomy_at;
  Position log_source_at;
  Position fields_at;
};

/// Our extension, all under `tripline:`.
struct Extension {
  std::vector<std::string> group;
  Position group_at;
  engine::Title title;  // without the fields' ids
  Position title_at;
  std::map<std::string, std::string> settings;  // period, learning, learning_scope, missing, response, ...
  std::map<std::string, std::int64_t> spans;    // seconds, of those settings that are spans of time
};

struct DetectionRule {
  engine::Rule rule;
  Head head;
  DetectionBody body;
  Extension tripline;
};

/// Another rule, as a document names it: by name, id or title.
struct Reference {
  std::string name;
  Position at;
  std::vector<TextLine> lines{};
};

struct FilterRule {
  engine::Rule rule;
  Head head;
  std::vector<Reference> rules;  // by id or name; empty: any
  DetectionBody body;
  Extension tripline;
  Position at;
};

/// `correlation:`.
struct CorrelationRule {
  engine::Rule rule;
  Head head;
  std::string type;
  std::vector<Reference> rules;
  std::vector<std::string> group_by;
  Position group_by_at;
  std::map<std::string, std::map<std::string, std::string>> aliases;  // alias -> rule -> field
  std::int64_t timespan_seconds = 0;
  struct Bound {
    std::string op;  // gt, gte, lt, lte, eq, neq
    double value;
  };
  std::vector<Bound> bounds;       // of the condition
  std::string rule_condition;      // temporal: a boolean condition over rule names; empty: all
  std::vector<std::string> field;  // what value_* and new_value count
  std::optional<double> percentile;
  bool generate = false;
  Extension tripline;
  Position at;
};

using Document = std::variant<DetectionRule, FilterRule, CorrelationRule>;

inline const engine::Rule& rule_of(const Document& document) {
  return std::visit([](const auto& rule) -> const engine::Rule& { return rule.rule; }, document);
}
inline const Head& head_of(const Document& document) {
  return std::visit([](const auto& rule) -> const Head& { return rule.head; }, document);
}

/// A condition over search identifiers (detections, filters) or rule names (temporal correlations).
struct Condition {
  enum class Kind { kName, kOf, kNot, kAnd, kOr };
  Kind kind = Kind::kName;
  std::string name;  // kName: the identifier; kOf: the pattern, or `them`
  bool all = false;  // kOf: `all of`, else `1 of`
  std::vector<Condition> children;
  int column = 0;  // from 1, inside the condition's text
};

}  // namespace tripline::rules
