#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/pattern.h"

namespace tripline::rules {

/// A Sigma string value: literal runs and wildcards, no two runs and no two `*`
/// side by side. Empty: the empty text.
using SigmaString = std::vector<engine::Pattern::Part>;

/// Reads a value as it stands in a rule: `*` and `?` are wildcards; a backslash
/// before `*`, `?` or a backslash takes the meaning from that character; any
/// other backslash is one. Every text is a Sigma string. Source: Sigma Rules
/// Specification 2.1.0, "Escaping".
SigmaString parse_sigma_string(std::string_view text);

/// Text without wildcards; nothing in it is special.
SigmaString literal(std::string_view text);

bool has_wildcard(const SigmaString& value);

/// Its text. Requires !has_wildcard(value).
std::string plain_text(const SigmaString& value);

/// Appends, merging what stands side by side.
void append(SigmaString& value, const engine::Pattern::Part& part);

}  // namespace tripline::rules
