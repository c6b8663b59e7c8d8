#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/document_kind.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// What one file holds. A detection or filter whose head alone has errors is in `documents` and `failed` (same line).
struct FileDocuments {
  std::vector<Document> documents;
  /// What could be read of those with an error; none of them may run.
  struct Failed {
    engine::Rule rule;
    DocumentKind kind;
    std::string why;  // the first error
  };
  std::vector<Failed> failed;
  std::size_t not_rules = 0;  // documents that are neither detection, correlation nor filter
  Diagnostics diagnostics;
  double yaml_seconds = 0;  // of processor time, spent inside yaml-cpp
};

/// Reads the text of a .yml file: several documents, `action: global|repeat|reset` merged as pySigma does. Never
/// throws.
FileDocuments read_documents(std::string_view text, const std::string& path, const YamlLimits& limits = {});

}  // namespace tripline::rules
