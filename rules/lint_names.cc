#include <algorithm>

#include "rules/cloudtrail_fields.h"
#include "rules/cloudtrail_lint.h"

namespace tripline::rules {

bool has_modifier(const FieldItem& item, std::string_view name) {
  return std::find(item.modifiers.begin(), item.modifiers.end(), name) != item.modifiers.end();
}

void lint_field_name(const LintInput& input, const std::string& written, const Position& at) {
  const std::string& field = input.mapped(written);
  const auto check = check_cloudtrail_field(field);
  switch (check.kind) {
    case FieldCheck::Kind::kKnown:
    case FieldCheck::Kind::kOpen:
      return;
    case FieldCheck::Kind::kCase:
      return input.warn("field-case", at, "field names are case-sensitive, and CloudTrail has no `" + field + "`",
                        "write `" + check.suggestion + "`");
    case FieldCheck::Kind::kNearMiss:
      return input.warn("unknown-field", at, "CloudTrail has no field `" + field + "`",
                        "did you mean `" + check.suggestion + "`?");
    case FieldCheck::Kind::kTaxonomy:
      return input.warn("foreign-field", at, "`" + field + "` is another schema's name; CloudTrail has no such field",
                        "write `" + check.suggestion + "`, or map it: --map " + field + "=" + check.suggestion);
    case FieldCheck::Kind::kUnknown:
      return input.warn(
          "unknown-field", at, "CloudTrail has no field `" + field + "`, so no record will have it",
          "`tripline fields` lists what your logs have; a name of other tools is mapped with --map FROM=TO");
  }
}

void lint_field_names(const LintInput& input) {
  for (const auto& search : input.body.searches) {
    for (const auto& map : search.any) {
      for (const auto& item : map) {
        if (!item.field.empty()) lint_field_name(input, item.field, item.at);
        if (!has_modifier(item, "fieldref")) continue;
        for (const auto& value : item.values) lint_field_name(input, value.text, value.at);
      }
    }
  }
}

}  // namespace tripline::rules
