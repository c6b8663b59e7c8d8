#pragma once

#include "rules/ast.h"
#include "rules/document_kind.h"
#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads `tripline:`, our extension, from the top of a document. Each setting says which kinds of documents take it.
Extension read_extension(const YamlNode& root, DocumentKind kind, NodeReader& reader);

}  // namespace tripline::rules
