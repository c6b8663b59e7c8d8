#include "rules/document_kind.h"

#include <string>

namespace tripline::rules {

std::vector<DocumentKind> kinds_of(const YamlNode& root) {
  std::vector<DocumentKind> kinds;
  // Words as common as these stand at the top of other YAML files too.
  if (!root.find("title") && !root.find("logsource") && !root.find("name")) return kinds;
  for (const auto& row : kDocumentKinds) {
    if (root.find(row.key)) kinds.push_back(row.kind);
  }
  return kinds;
}

bool report_broken_rule(const YamlNode& root, NodeReader& reader, engine::Rule& rule) {
  if (!root.find("title")) return false;
  std::vector<std::string_view> keys;
  for (const auto& row : kDocumentKinds) keys.push_back(row.key);
  const auto tell = [&] {
    rule.path = reader.path();
    rule.line = root.line;
    rule.title = std::string(root.text_at("title"));
    rule.id = std::string(root.text_at("id"));
    reader.set_title(rule.title);
  };
  const bool sigma = root.find("logsource") || root.find("level") || root.find("status");
  for (const auto& entry : root.entries) {
    const std::string_view slip = slip_of(entry.key, keys);
    if (slip.empty() || entry.value.kind != YamlNode::Kind::kMap || !sigma) continue;
    tell();
    reader.report("misspelt-attribute", reader.at(entry), "`" + entry.key + "` is no Sigma attribute",
                  "did you mean `" + std::string(slip) + "`?");
    return true;
  }
  if (!root.find("logsource")) return false;
  tell();
  reader.report("missing-attribute", reader.at(root), "the document has no `detection`, `correlation` or `filter`",
                "add what the rule looks for under `detection:`");
  return true;
}

}  // namespace tripline::rules
