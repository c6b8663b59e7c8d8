#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pattern.h"

namespace tripline::rules {

// Words of search queries, outside quotes. A backslash takes the meaning from the characters that have one; before
// others it stands for itself, as in Sigma (`C:\Windows`).

/// Where the first of the characters `wanted` is that no backslash makes literal; npos: nowhere.
std::size_t find_plain(std::string_view text, std::string_view wanted, std::size_t from = 0);

/// The text that a word without wildcards means.
std::string unescape(std::string_view word);

/// A word with `*` and `?`.
std::vector<engine::Pattern::Part> parts_of(std::string_view word);

/// A number as JSON writes it.
std::optional<double> number_of(std::string_view word);

/// Whether a word with a colon in it, the first at `colon`, is free text all the same: an ARN, a URL, an address, a
/// time.
bool is_free_text(std::string_view word, std::size_t colon);

}  // namespace tripline::rules
