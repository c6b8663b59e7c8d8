#include "rules/taxonomy.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/node_reader.h"

namespace tripline::rules {
namespace {

void warn(const std::vector<std::string_view>& fields, const Head& head, const engine::Rule& rule, Loading& loading) {
  std::vector<std::string_view> unmapped;
  for (const std::string_view field : fields) {
    const bool known = field.empty() || loading.options.fields.contains(std::string(field)) ||
                       std::find(unmapped.begin(), unmapped.end(), field) != unmapped.end();
    if (!known) unmapped.push_back(field);
  }
  if (unmapped.empty()) return;
  constexpr std::size_t kMostShown = 5;
  const std::string more = unmapped.size() > kMostShown ? " and others" : "";
  unmapped.resize(std::min(unmapped.size(), kMostShown));
  loading.diagnostics.add(
      "unknown-taxonomy", head.taxonomy_at,
      "the rule's fields are named in the taxonomy `" + head.taxonomy + "`, not as the log names them",
      "map them to the log's fields with --map FROM=TO: " + enumerate(unmapped) + more, rule.title);
}

}  // namespace

void warn_of_taxonomy(const DetectionRule& rule, Loading& loading) {
  if (rule.head.taxonomy.empty()) return;
  std::vector<std::string_view> fields;
  for (const Search& search : rule.body.searches) {
    for (const auto& map : search.any) {
      for (const FieldItem& item : map) fields.push_back(item.field);
    }
  }
  warn(fields, rule.head, rule.rule, loading);
}

void warn_of_taxonomy(const CorrelationRule& rule, Loading& loading) {
  if (rule.head.taxonomy.empty()) return;
  std::vector<std::string_view> fields;
  for (const auto* names : {&rule.group_by, &rule.field}) {
    for (const std::string& name : *names) {
      if (!rule.aliases.contains(name)) fields.push_back(name);
    }
  }
  for (const auto& [alias, by_rule] : rule.aliases) {
    for (const auto& [base, field] : by_rule) fields.push_back(field);
  }
  warn(fields, rule.head, rule.rule, loading);
}

}  // namespace tripline::rules
