#pragma once

#include <string_view>
#include <vector>

#include "engine/pattern.h"
#include "engine/predicate.h"

namespace tripline::tests {

/// `*` and `?` are wildcards, all else stands for itself; nothing is escaped.
engine::Pattern pattern(std::string_view text, bool cased = false);

engine::TextTest any_of(const std::vector<std::string_view>& patterns, bool cased = false);
engine::KeywordTest keywords(const std::vector<std::string_view>& patterns, bool cased = false);
engine::RegexTest regex(std::string_view pattern);
engine::CidrTest networks(const std::vector<std::string_view>& texts);

}  // namespace tripline::tests
