#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"

namespace tripline::rules {

/// `text` as one YAML scalar that reads back as the same string: plain where that is safe, else quoted.
std::string yaml_scalar(std::string_view text);

/// A YAML block list of strings, one a line, each line indented by `indent` blanks.
std::string yaml_list(const std::vector<std::string>& items, int indent);

/// A search as it stands in `detection:`, its name's line indented by `indent` blanks.
std::string to_yaml(const Search& search, int indent);

}  // namespace tripline::rules
