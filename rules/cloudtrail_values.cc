#include "rules/cloudtrail_values.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include "engine/text.h"
#include "rules/cloudtrail_calls.h"
#include "rules/cloudtrail_fields.h"
#include "rules/diagnostic.h"

namespace tripline::rules {
namespace {

constexpr std::string_view kOutcomes[] = {"success", "failure", "denied"};
constexpr std::string_view kKinds[] = {"human", "role", "service", "root", "anonymous"};
constexpr std::string_view kTrueFalse[] = {"true", "false"};
constexpr std::string_view kYesNo[] = {"Yes", "No"};
/// Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; docs/identity.md.
constexpr std::string_view kIdentityTypes[] = {"Root",       "IAMUser",  "AssumedRole",     "Role",
                                               "AWSAccount", "SAMLUser", "WebIdentityUser", "IdentityCenterUser",
                                               "AWSService", "Unknown",  "FederatedUser",   "Directory"};

struct Vocabulary {
  std::string_view field;
  std::span<const std::string_view> values;
};
constexpr Vocabulary kVocabularies[] = {
    {"outcome", kOutcomes},
    {"actor.kind", kKinds},
    {"userIdentity.type", kIdentityTypes},
    {"actor.type", kIdentityTypes},
};

/// Words that people use for a value, too far from it for a slip.
struct Synonym {
  std::string_view field, word, value;
};
constexpr Synonym kSynonyms[] = {
    {"outcome", "deny", "denied"},
    {"outcome", "accessdenied", "denied"},
    {"outcome", "fail", "failure"},
    {"outcome", "failed", "failure"},
    {"outcome", "error", "failure"},
    {"outcome", "ok", "success"},
    {"outcome", "succeeded", "success"},
    {"actor.kind", "user", "human"},
    {"actor.kind", "iamuser", "human"},
    {"actor.kind", "person", "human"},
    {"actor.kind", "assumedrole", "role"},
    {"actor.kind", "awsservice", "service"},
    {"userIdentity.type", "user", "IAMUser"},
    {"actor.type", "user", "IAMUser"},
};

/// All that a field can be; empty: not known.
std::span<const std::string_view> vocabulary_of(std::string_view field) {
  for (const auto& row : kVocabularies) {
    if (row.field == field) return row.values;
  }
  const auto* known = find_cloudtrail_field(field);
  if (known && known->type == CloudTrailType::kBool) return kTrueFalse;
  if (known && known->type == CloudTrailType::kBoolText) {
    return known->says.starts_with("Yes") ? std::span<const std::string_view>(kYesNo) : kTrueFalse;
  }
  return {};
}

std::string_view meant_by(std::string_view field, std::string_view value, std::span<const std::string_view> values) {
  for (const auto& row : kSynonyms) {
    if (row.field == field && engine::equals_folded(value, row.word)) return row.value;
  }
  return did_you_mean(value, values);
}

std::optional<ImpossibleValue> check_source(std::string_view value) {
  constexpr std::string_view kEnds[] = {".amazonaws.com", ".amazonaws.com.cn"};
  const std::string folded = engine::fold(value);
  const auto ends = [&](std::string_view end) { return folded.ends_with(end); };
  if (std::any_of(std::begin(kEnds), std::end(kEnds), ends)) return {};
  std::vector<std::string_view> sources;
  for (const auto& row : cloudtrail_calls()) sources.push_back(row.source);
  const std::string whole = folded + std::string(kEnds[0]);
  std::string_view meant = did_you_mean(value, sources);
  if (std::find(sources.begin(), sources.end(), whole) != sources.end()) meant = whole;
  const bool is_bare = folded.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (meant.empty() && is_bare) meant = whole;
  return ImpossibleValue{"an eventSource ends in `.amazonaws.com`, and `" + std::string(value) + "` does not",
                         meant.empty() ? "write the whole name, such as `iam.amazonaws.com`"
                                       : "did you mean `" + std::string(meant) + "`?"};
}

}  // namespace

std::optional<ImpossibleValue> check_value(std::string_view field, std::string_view value) {
  if (value.empty()) return {};
  if (field == "eventSource") return check_source(value);
  const auto values = vocabulary_of(field);
  const std::string folded = engine::fold(value);
  const auto is_it = [&](std::string_view known) { return engine::equals_folded(known, folded); };
  if (values.empty() || std::any_of(values.begin(), values.end(), is_it)) return {};
  const auto meant = meant_by(field, value, values);
  std::string all;
  for (const auto known : values) all += (all.empty() ? "`" : ", `") + std::string(known) + "`";
  return ImpossibleValue{
      "`" + std::string(field) + "` is never `" + std::string(value) + "`",
      (meant.empty() ? "it is one of " : "did you mean `" + std::string(meant) + "`? it is one of ") + all};
}

std::optional<FieldInKeyword> field_in_keyword(std::string_view keyword) {
  constexpr std::string_view kBlanks = " \t";
  const auto sign = keyword.find_first_of("=:");
  if (sign == std::string_view::npos) return {};
  const auto behind = keyword.find_first_not_of("= \t", sign + 1);
  const std::string_view field = keyword.substr(0, keyword.find_last_not_of(kBlanks, sign == 0 ? 0 : sign - 1) + 1);
  if (sign == 0 || behind == std::string_view::npos) return {};
  const auto kind = check_cloudtrail_field(field).kind;
  if (kind != FieldCheck::Kind::kKnown && kind != FieldCheck::Kind::kCase) return {};
  return FieldInKeyword{field, keyword.substr(behind)};
}

}  // namespace tripline::rules
