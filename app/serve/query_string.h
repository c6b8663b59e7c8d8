#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tripline::app {

/// `%41` is A, and what is no escape stays what it is.
std::string percent_decoded(std::string_view text);

/// Names and values of `a=b&c=d+e%26`, decoded; a `+` is a blank. Without `=` the value is empty.
/// Source: WHATWG URL Standard, "application/x-www-form-urlencoded parsing".
std::vector<std::pair<std::string, std::string>> query_parameters(std::string_view query);

}  // namespace tripline::app
