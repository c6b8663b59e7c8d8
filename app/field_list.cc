#include "app/field_list.h"

#include <algorithm>

#include "app/arguments.h"
#include "rules/cloudtrail_fields.h"

namespace tripline::app {

std::vector<std::string> field_list(std::string_view text, bool cloudtrail, Console& console) {
  using Kind = rules::FieldCheck::Kind;
  std::vector<std::string> fields;
  for (auto& field : split_commas(text)) {
    if (std::find(fields.begin(), fields.end(), field) != fields.end()) continue;
    const auto check = rules::check_cloudtrail_field(field);
    if (cloudtrail && check.kind != Kind::kKnown && check.kind != Kind::kOpen) {
      const std::string meant = check.suggestion.empty() ? "" : "; did you mean " + check.suggestion + "?";
      console.warning("--fields: CloudTrail has no field " + field + meant);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace tripline::app
