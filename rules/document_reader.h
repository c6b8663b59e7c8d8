#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

/// Caps on a rule file. A file beyond one is refused as a whole, with the cap's name.
struct YamlLimits {
  std::size_t max_bytes = std::size_t{4} << 20;
  int max_depth = 32;
  std::size_t max_nodes = 200'000;  // aliases counted as often as they are used
};

/// What one file holds. Documents with an error in them are left out (the diagnostics say so).
struct FileDocuments {
  std::vector<Document> documents;
  std::size_t not_rules = 0;  // documents that are neither detection, correlation nor filter
  Diagnostics diagnostics;
};

/// Reads the text of a .yml file: several documents, `action: global|repeat|reset` merged as pySigma does. Never
/// throws.
FileDocuments read_documents(std::string_view text, const std::string& path, const YamlLimits& limits = {});

}  // namespace tripline::rules
