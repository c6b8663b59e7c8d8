#pragma once

#include <map>
#include <string>
#include <string_view>

#include "rules/ast.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

// The parts of lint.h that are about CloudTrail's records.

/// The searches of one rule or filter, and where to report to. Borrows all.
struct LintInput {
  const std::string& title;
  const DetectionBody& body;
  const std::map<std::string, std::string>& field_map;  // renames of fields, from other taxonomies to CloudTrail's
  Diagnostics& out;

  /// What a field is called in the records.
  const std::string& mapped(const std::string& field) const {
    const auto found = field_map.find(field);
    return found == field_map.end() ? field : found->second;
  }
  void warn(std::string_view code, const Position& at, std::string message, std::string hint) const {
    out.add(code, at, std::move(message), std::move(hint), title);
  }
};

/// Whether an item has a modifier of that name.
bool has_modifier(const FieldItem& item, std::string_view name);

/// Names that CloudTrail does not have: field-case, unknown-field, foreign-field.
void lint_field_name(const LintInput& input, const std::string& field, const Position& at);
void lint_field_names(const LintInput& input);

/// Values that do not do what they seem to: unknown-event-name, undated-lambda-event, only-access-denied,
/// negated-network, mfa-of-federated, text-as-boolean, impossible-value, network-as-text, field-in-keyword.
void lint_values(const LintInput& input);

/// Rules that can match whatever was called: broad.
void lint_breadth(const LintInput& input);

}  // namespace tripline::rules
