#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "rules/ast.h"
#include "rules/document_kind.h"
#include "rules/node_reader.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Reads the attributes that documents of all kinds share: title, id, log source, level... Other attributes are
/// allowed, as Sigma allows them, unless they look like a slip of one that counts. Requires that `root` is a map.
/// Source: Sigma Rules Specification 2.1.0, "Structure".
void read_head(const YamlNode& root, DocumentKind kind, NodeReader& reader, engine::Rule& rule, Head& head);

/// Whether the text is a date as Sigma writes it: YYYY-MM-DD, or with slashes as older rules have it.
bool is_date(std::string_view text);

/// The day; nothing when the text is no date, or of a day that its month has not.
std::optional<std::chrono::sys_days> parse_date(std::string_view text);

}  // namespace tripline::rules
