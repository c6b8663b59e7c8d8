#pragma once

#include <string_view>
#include <vector>

#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

enum class DocumentKind { kDetection, kFilter, kCorrelation };

struct DocumentKindRow {
  std::string_view key;  // at the top of a document
  DocumentKind kind;
};
/// In order of precedence, where a document has several.
inline constexpr DocumentKindRow kDocumentKinds[] = {
    {"correlation", DocumentKind::kCorrelation},
    {"filter", DocumentKind::kFilter},
    {"detection", DocumentKind::kDetection},
};

/// The kinds that a document claims to be by its top-level keys; none: it is no rule, or a broken one.
std::vector<DocumentKind> kinds_of(const YamlNode& root);

/// Whether a document of no kind was meant to be a rule; if so, says why it is none and fills in what is known of it.
bool report_broken_rule(const YamlNode& root, NodeReader& reader, engine::Rule& rule);

}  // namespace tripline::rules
