#include "rules/document_reader.h"

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "engine/text.h"
#include "rules/collection.h"
#include "rules/correlation_reader.h"
#include "rules/detection_reader.h"
#include "rules/extension_reader.h"
#include "rules/head_reader.h"
#include "rules/node_reader.h"
#include "rules/uuid5.h"

namespace tripline::rules {
namespace {

constexpr std::string_view kRules = "rules";  // of a filter

/// What `tripline:` says of the rule to people and pipelines.
void take_settings(const Extension& extension, engine::Rule& rule) {
  const auto response = extension.settings.find("response");
  if (response != extension.settings.end()) rule.response = response->second;
  rule.dry_run = extension.settings.contains("mode");  // it knows no other
}

DetectionRule read_detection(const YamlNode& root, NodeReader& reader, NodeReader& body) {
  DetectionRule rule;
  read_head(root, DocumentKind::kDetection, reader, rule.rule, rule.head);
  rule.tripline = read_extension(root, DocumentKind::kDetection, reader);
  take_settings(rule.tripline, rule.rule);
  body.set_title(rule.rule.title);
  rule.body = read_body(*root.find("detection"), "detection", {}, body);
  return rule;
}

FilterRule read_filter(const YamlNode& root, NodeReader& reader, NodeReader& body) {
  FilterRule rule;
  read_head(root, DocumentKind::kFilter, reader, rule.rule, rule.head);
  rule.tripline = read_extension(root, DocumentKind::kFilter, reader);
  const YamlNode& filter = *root.find("filter");
  rule.at = reader.at(filter);
  body.set_title(rule.rule.title);
  rule.body = read_body(filter, "filter", {&kRules, 1}, body);
  if (const YamlNode* rules = filter.find(kRules)) rule.rules = reader.texts(*rules, kRules);
  if (rule.rules.size() == 1 && engine::equals_folded(rule.rules.front().name, "any")) rule.rules.clear();
  return rule;
}

CorrelationRule read_correlation_rule(const YamlNode& root, NodeReader& reader) {
  CorrelationRule rule;
  read_head(root, DocumentKind::kCorrelation, reader, rule.rule, rule.head);
  rule.tripline = read_extension(root, DocumentKind::kCorrelation, reader);
  take_settings(rule.tripline, rule.rule);
  read_correlation(root, reader, rule);
  return rule;
}

/// `body` reports what is wrong in searches and conditions, `reader` all else.
Document read_as(DocumentKind kind, const YamlNode& root, NodeReader& reader, NodeReader& body) {
  switch (kind) {
    case DocumentKind::kFilter:
      return read_filter(root, reader, body);
    case DocumentKind::kCorrelation:
      return read_correlation_rule(root, reader);
    case DocumentKind::kDetection:
      break;
  }
  return read_detection(root, reader, body);
}

/// How many documents took their id from one value (id, line, column). With `action:` documents several can.
using Ids = std::map<std::tuple<std::string, int, int>, int>;

/// Gives each but the first of the documents with one id from one value an id of its own: the UUIDv5 of that id, a line
/// feed, and 2, 3 and so on. (pySigma leaves them with one id.)
void tell_apart(const YamlNode& root, Ids& ids, engine::Rule& rule) {
  for (const auto* key : {"id", "name", "title"}) {
    if (root.text_at(key).empty()) continue;
    const YamlNode& value = *root.find(key);
    const int before = ids[{rule.id, value.line, value.column}]++;
    if (before > 0) rule.id = uuid5(rule.id + '\n' + std::to_string(before + 1));
    return;
  }
}

/// Adds what the document is to the file's: a rule, a rule with errors, or no rule.
void read_document(YamlDocument document, const std::string& path, Ids& ids, FileDocuments& file) {
  const YamlNode& root = document.root;
  Diagnostics found;
  NodeReader reader(path, found);
  const std::vector<DocumentKind> kinds =
      root.kind == YamlNode::Kind::kMap ? kinds_of(root) : std::vector<DocumentKind>{};
  if (kinds.empty()) {
    engine::Rule rule;
    if (root.kind == YamlNode::Kind::kMap && report_broken_rule(root, reader, rule)) {
      file.failed.push_back({std::move(rule), DocumentKind::kDetection, found.first_error()});
      file.diagnostics.append(std::move(found));
    } else if (!root.is_null()) {
      ++file.not_rules;
    }
    return;
  }
  Diagnostics in_body;
  NodeReader body(path, in_body);
  Document rule = read_as(kinds.front(), root, reader, body);
  if (kinds.size() > 1) {
    reader.report("mixed-document", reader.at(root), "a document is one of detection, correlation and filter",
                  "put a `---` line between them, and give each its own title");
  }
  if (const YamlNode* action = root.find("action")) {
    reader.report("collection-action", reader.at(*action), "`action: " + action->text + "` is not known",
                  "remove it, and write each rule out in full");
  }
  auto& head = std::visit([](auto& read) -> engine::Rule& { return read.rule; }, rule);
  tell_apart(root, ids, head);
  found.append(std::move(document.problems));
  const bool broken_head = found.errors() > 0;
  const bool broken_body = in_body.errors() > 0;
  found.append(std::move(in_body));
  if (broken_head || broken_body) {
    file.failed.push_back({head, kinds.front(), found.first_error()});
  }
  if (!broken_body && !(broken_head && kinds.front() == DocumentKind::kCorrelation)) {
    file.documents.push_back(std::move(rule));
  }
  file.diagnostics.append(std::move(found));
}

}  // namespace

FileDocuments read_documents(std::string_view text, const std::string& path, const YamlLimits& limits) {
  FileDocuments file;
  Ids ids;
  YamlFile yaml = read_yaml(text, path, limits);
  file.yaml_seconds = yaml.parse_seconds;
  file.diagnostics.append(std::move(yaml.diagnostics));
  for (YamlDocument& document : work_out_collections(std::move(yaml.documents), path, limits, file.diagnostics)) {
    read_document(std::move(document), path, ids, file);
  }
  return file;
}

}  // namespace tripline::rules
