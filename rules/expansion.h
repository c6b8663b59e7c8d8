#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/lowering.h"
#include "rules/sigma_string.h"

namespace tripline::rules {

// Values that stand for several texts. Each function gives nothing when they would be more than `most`.

/// Every way to write the dashes before options: `-`, `/` and three longer dashes, wherever one of them stands before a
/// letter, digit or `_` and not behind one (`-param-name` has one such place). `value` itself is among them.
/// Source: Sigma Modifiers 2.1.0, "String Modifiers"; which dashes begin an option is as pySigma decides it.
std::optional<std::vector<SigmaString>> dash_variants(const SigmaString& value, std::size_t most);

/// A text cut at its placeholders.
struct PlaceholderPart {
  bool placeholder;
  SigmaString text;  // of a placeholder: its name
};

/// Finds `%name%` (letters, digits, `_`); `\%` is a percent sign. Source: Sigma Rules 2.1.0, "Placeholders".
std::vector<PlaceholderPart> split_placeholders(const SigmaString& value);

/// Every text that the parts stand for; the lists' values are Sigma strings with wildcards. Requires that `lists` has
/// every placeholder.
std::optional<std::vector<SigmaString>> fill_placeholders(const std::vector<PlaceholderPart>& parts, const Lists& lists,
                                                          std::size_t most);

}  // namespace tripline::rules
