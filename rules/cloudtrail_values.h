#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tripline::rules {

/// Why no record can hold a value, and what to write instead. Both are sentences for people.
struct ImpossibleValue {
  std::string message;
  std::string hint;
};

/// Whether a field of CloudTrail's or ours is known to be never equal to `value`, a text without wildcards: the field
/// takes few values, and this is none. Letter case aside, as matching is. Nothing: it may be, for all that is known.
std::optional<ImpossibleValue> check_value(std::string_view field, std::string_view value);

/// A keyword that was hardly meant as one: a field of CloudTrail's or ours, `=` or `:`, and a value.
struct FieldInKeyword {
  std::string_view field;
  std::string_view value;
};
/// Views `keyword`.
std::optional<FieldInKeyword> field_in_keyword(std::string_view keyword);

}  // namespace tripline::rules
