#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression.h"
#include "engine/rule_set.h"
#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/lowering.h"

namespace tripline::tests {

/// A scalar as the document reader would give it: text, numbers and booleans by their type, nullptr for null.
struct Given : rules::Scalar {
  Given(const char* value) : Scalar{.kind = Kind::kString, .text = value, .at = {}} {}             // NOLINT
  Given(std::string value) : Scalar{.kind = Kind::kString, .text = std::move(value), .at = {}} {}  // NOLINT
  Given(std::same_as<bool> auto value)
      : Scalar{.kind = Kind::kBool, .text = value ? "true" : "false", .at = {}} {}  // NOLINT
  Given(std::same_as<int> auto value)
      : Scalar{.kind = Kind::kNumber, .text = std::to_string(value), .at = {}} {}   // NOLINT
  Given(std::nullptr_t) : Scalar{.kind = Kind::kNull, .text = "null", .at = {}} {}  // NOLINT
};

/// A number as it is written.
Given number(std::string_view text);

/// `key` is `field|modifier|...`; values stand on `line`, one column after another from 20.
rules::FieldItem item(std::string_view key, std::vector<Given> values, int line = 1);

/// A search with one map.
rules::Search search(std::string_view name, std::vector<rules::FieldItem> items, int line = 1);

/// A detection; its condition stands on line 9, from column 16.
rules::DetectionBody detection(std::vector<rules::Search> searches, std::vector<std::string> conditions);

/// A detection compiled by itself, and what was said about it.
struct Compiled {
  explicit Compiled(const rules::DetectionBody& body, const rules::Lists& lists = {},
                    const std::map<std::string, std::string>& field_map = {});

  engine::RuleSet rules;
  rules::Diagnostics diagnostics;
  std::optional<engine::Expression> expression;

  /// Whether it holds on a record. Requires that it compiled.
  bool matches(std::string_view json) const;
  /// `line:column code: message [hint]`, one a line.
  std::string said() const;
};

/// One item as a whole detection.
Compiled compiled(std::string_view key, std::vector<Given> values, const rules::Lists& lists = {});

}  // namespace tripline::tests
