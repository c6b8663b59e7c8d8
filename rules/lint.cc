#include "rules/lint.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "engine/log_source.h"
#include "rules/cloudtrail_lint.h"

namespace tripline::rules {
namespace {

/// Whether the rule is meant for CloudTrail's records: it says so, and nothing else.
bool is_cloudtrail(const engine::Rule& rule, const LintContext& context) {
  const engine::LogSource wanted{"", rule.log_source.product, rule.log_source.service};
  return context.rules.cloudtrail && wanted != engine::LogSource{} && engine::feeds(engine::kCloudTrail, wanted);
}

/// Fields whose values change with every session, so that one person makes many groups.
void check_group(const std::vector<std::string>& fields, const Position& at, const std::string& title,
                 Diagnostics& out) {
  constexpr std::string_view kPerSession[] = {"userIdentity.arn", "userIdentity.principalId",
                                              "userIdentity.accessKeyId"};
  for (const auto& field : fields) {
    if (std::find(std::begin(kPerSession), std::end(kPerSession), field) == std::end(kPerSession)) continue;
    out.add("group-by-session", at,
            "`" + field + "` is another one in each session of a role, so one actor makes many groups",
            "group by `actor.principal`", title);
  }
}

/// The fields that names in a correlation stand for, each once: an alias stands for those of its rules.
std::vector<std::string> meant_by(const std::vector<std::string>& names, const CorrelationRule& correlation) {
  std::vector<std::string> fields;
  const auto add = [&fields](const std::string& field) {
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  };
  for (const auto& name : names) {
    const auto alias = correlation.aliases.find(name);
    if (alias == correlation.aliases.end()) {
      add(name);
      continue;
    }
    for (const auto& [_, field] : alias->second) add(field);
  }
  return fields;
}

}  // namespace

void lint(const DetectionRule& rule, const engine::Detection* detection, const LintContext& context,
          Diagnostics& diagnostics) {
  const Position start{rule.rule.path, rule.rule.line, 1};
  if (detection && needs_of(*detection, context.rules).every_record) {
    diagnostics.add("not-indexable", rule.body.conditions.empty() ? start : rule.body.conditions[0].at,
                    "nothing that the condition asks for must be in an event, so every event is parsed and tested",
                    "add a value that a matching event must have, such as an eventName", rule.rule.title);
  }
  if (!is_cloudtrail(rule.rule, context)) return;
  const LintInput input{rule.rule.title, rule.body, context.field_map, diagnostics};
  lint_field_names(input);
  lint_values(input);
  lint_breadth(input);
  for (const auto& field : rule.rule.fields) lint_field_name(input, field, rule.head.fields_at);
  for (const auto& field : rule.tripline.group) lint_field_name(input, field, rule.tripline.group_at);
  for (const auto& part : rule.tripline.title) {
    if (!part.field.empty()) lint_field_name(input, part.field, rule.tripline.title_at);
  }
  check_group(rule.tripline.group, rule.tripline.group_at, rule.rule.title, diagnostics);
}

void lint(const FilterRule& filter, const LintContext& context, Diagnostics& diagnostics) {
  if (!is_cloudtrail(filter.rule, context)) return;
  const LintInput input{filter.rule.title, filter.body, context.field_map, diagnostics};
  lint_field_names(input);
  lint_values(input);
}

void lint(const CorrelationRule& correlation, const LintContext& context, Diagnostics& diagnostics) {
  if (!context.rules.cloudtrail) return;
  const DetectionBody none;
  const LintInput input{correlation.rule.title, none, context.field_map, diagnostics};
  const auto groups = meant_by(correlation.group_by, correlation);
  for (const auto& field : groups) lint_field_name(input, field, correlation.group_by_at);
  for (const auto& field : meant_by(correlation.field, correlation)) lint_field_name(input, field, correlation.at);
  check_group(groups, correlation.group_by_at, correlation.rule.title, diagnostics);
}

}  // namespace tripline::rules
