#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/ast.h"

namespace tripline::rules {

/// A search with the signs under which a rule's conditions use it.
struct SearchUse {
  const Search* search;
  bool wanted = false;    // outside `not`, or under two of them
  bool excluded = false;  // under `not`
  bool required = false;  // the only condition cannot hold without it
};

/// Each search of `body`, in its order. Where a condition cannot be read all searches count as wanted. Borrows `body`.
std::vector<SearchUse> uses_of(const DetectionBody& body);

/// The searches that `1 of` and `all of` mean by `pattern`, as places in `body`: those that it matches, or all for
/// `them`; without those that begin with `_`, unless the pattern does.
/// Source: Sigma Rules Specification 2.1.0, "Condition".
std::vector<std::size_t> searches_of(const DetectionBody& body, std::string_view pattern);

}  // namespace tripline::rules
