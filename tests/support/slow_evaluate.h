#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/rule_set.h"

namespace tripline::tests {

// The oracle of field semantics: what docs/architecture.md, "Fields", says, written as plainly as it goes, over a plain
// tree of JSON. It shares RE2 with the engine and nothing else. Derived fields are unknown to it.

struct Json {
  enum class Type { kNull, kBool, kNumber, kString, kArray, kObject };
  Type type = Type::kNull;
  std::string text;  // of kString: unescaped; of kBool and kNumber: as it stands in the input
  std::vector<Json> items;
  struct Member;
  std::vector<Member> members;  // in order, repeated keys included
};
struct Json::Member {
  std::string key;
  Json value;
};

/// `text` is valid JSON; its numbers are written as compact text will write them.
Json parse_json(std::string_view text);

/// Whether the text is valid JSON; parse_json() may be called if so.
bool is_json(std::string_view text);

/// Compact, in the record's key order, with canonical escapes.
std::string compact(const Json& json);

/// The values that a field's dotted path reaches, a container among them as itself.
std::vector<Json> slow_values(const Json& record, std::string_view path);

bool slow_evaluate(const engine::Predicate& predicate, const engine::FieldTable& fields, const Json& record);
bool slow_holds(const engine::Expression& expression, const engine::RuleSet& rules, const Json& record);

/// Whether the record holds the literal, in the sense of engine/needs.h.
bool slow_holds(const engine::NeededLiteral& literal, const engine::FieldTable& fields, const Json& record);

}  // namespace tripline::tests
