#include "rules/cloudtrail_calls.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/text.h"
#include "rules/diagnostic.h"

namespace tripline::rules {
namespace {

/// How Lambda's calls are logged. Those that are logged by their plain name, or of which it is not known, have no row.
/// Source: AWS Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail", and public records.
struct DatedCall {
  std::string_view call, logged;
};
constexpr DatedCall kDatedCalls[] = {
    {"AddPermission", "AddPermission20150331v2"},
    {"CreateAlias", "CreateAlias20150331"},
    {"CreateEventSourceMapping", "CreateEventSourceMapping20150331"},
    {"CreateFunction", "CreateFunction20150331"},
    {"DeleteAlias", "DeleteAlias20150331"},
    {"DeleteEventSourceMapping", "DeleteEventSourceMapping20150331"},
    {"DeleteFunction", "DeleteFunction20150331"},
    {"DeleteFunctionConcurrency", "DeleteFunctionConcurrency20171031"},
    {"DeleteLayerVersion", "DeleteLayerVersion20181031"},
    {"GetAlias", "GetAlias20150331"},
    {"GetFunction", "GetFunction20150331v2"},
    {"GetFunctionConfiguration", "GetFunctionConfiguration20150331v2"},
    {"GetPolicy", "GetPolicy20150331v2"},
    {"ListFunctions", "ListFunctions20150331"},
    {"ListVersionsByFunction", "ListVersionsByFunction20150331"},
    {"PublishLayerVersion", "PublishLayerVersion20181031"},
    {"PublishVersion", "PublishVersion20150331"},
    {"PutFunctionConcurrency", "PutFunctionConcurrency20171031"},
    {"RemovePermission", "RemovePermission20150331v2"},
    {"TagResource", "TagResource20170331v2"},
    {"UntagResource", "UntagResource20170331v2"},
    {"UpdateAlias", "UpdateAlias20150331"},
    {"UpdateEventSourceMapping", "UpdateEventSourceMapping20150331"},
    {"UpdateFunctionCode", "UpdateFunctionCode20150331v2"},
    {"UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2"},
};
constexpr std::string_view kLambda = "lambda.amazonaws.com";

/// Permissions that policies name and no record does, with the eventName that is logged; empty: none is.
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3" and others, beside
/// Amazon S3 User Guide, "Amazon S3 CloudTrail events".
struct Permission {
  std::string_view source, name, logged;
};
constexpr Permission kPermissions[] = {
    {"iam.amazonaws.com", "PassRole", ""},
    {"lambda.amazonaws.com", "InvokeFunction", "Invoke"},
    {"s3.amazonaws.com", "GetEncryptionConfiguration", "GetBucketEncryption"},
    {"s3.amazonaws.com", "GetLifecycleConfiguration", "GetBucketLifecycle"},
    {"s3.amazonaws.com", "GetReplicationConfiguration", "GetBucketReplication"},
    {"s3.amazonaws.com", "ListAllMyBuckets", "ListBuckets"},
    {"s3.amazonaws.com", "ListBucket", "ListObjects"},
    {"s3.amazonaws.com", "PutEncryptionConfiguration", "PutBucketEncryption"},
    {"s3.amazonaws.com", "PutLifecycleConfiguration", "PutBucketLifecycle"},
    {"s3.amazonaws.com", "PutReplicationConfiguration", "PutBucketReplication"},
};

const DatedCall* find_dated(std::string_view call) {
  for (const auto& row : kDatedCalls) {
    if (engine::fold(row.call) == engine::fold(call)) return &row;
  }
  return nullptr;
}

/// A name without the date and version at its end: `20150331v2`.
std::string_view without_date(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto rest = name;
  if (rest.size() > 2 && is_digit(rest.back()) && rest[rest.size() - 2] == 'v') rest.remove_suffix(2);
  constexpr std::size_t kDate = 8;
  if (rest.size() <= kDate) return name;
  const auto date = rest.substr(rest.size() - kDate);
  return date.starts_with("20") && std::all_of(date.begin(), date.end(), is_digit) ? rest.substr(0, rest.size() - kDate)
                                                                                   : name;
}

/// `Create` of `CreateUser`: up to the second capital letter, folded.
std::string verb_of(std::string_view name) {
  std::size_t end = name.empty() ? 0 : 1;
  while (end < name.size() && !(name[end] >= 'A' && name[end] <= 'Z')) ++end;
  return engine::fold(name.substr(0, end));
}

struct Names {
  std::map<std::string, std::map<std::string, std::string_view>, std::less<>> by_source;  // folded name -> as written
  std::set<std::string> verbs;
};

const Names& names() {
  static const Names all = [] {
    Names out;
    for (const auto& row : cloudtrail_calls()) {
      auto& of_source = out.by_source[std::string(row.source)];
      for (auto text : std::array{row.calls, row.logged}) {
        while (!text.empty()) {
          const auto name = text.substr(0, text.find(' '));
          text.remove_prefix(std::min(text.size(), name.size() + 1));
          of_source.emplace(engine::fold(name), name);
          out.verbs.insert(verb_of(name));
        }
      }
    }
    return out;
  }();
  return all;
}

}  // namespace

CallCheck check_call(std::string_view source, std::string_view name) {
  const auto& known = names();
  const auto of_source = known.by_source.find(engine::fold(source));
  if (of_source == known.by_source.end()) return {};

  const bool lambda = of_source->first == kLambda;
  const auto folded = engine::fold(lambda ? without_date(name) : name);
  if (of_source->second.contains(folded)) {
    if (!lambda || folded.size() != name.size()) return {};
    const auto* dated = find_dated(folded);
    return dated ? CallCheck{CallCheck::Kind::kUndated, {std::string(dated->logged)}} : CallCheck{};
  }

  for (const auto& row : kPermissions) {
    if (row.source != of_source->first || engine::fold(row.name) != folded) continue;
    return {CallCheck::Kind::kPermission, {std::string(row.logged)}};
  }

  CallCheck other{CallCheck::Kind::kOtherSource, {}};
  for (const auto& [its_source, its_names] : known.by_source) {
    if (its_names.contains(folded)) other.suggestions.push_back(its_source);
  }
  if (!other.suggestions.empty()) return other;

  // `PutThing` is no slip of `GetThing`: only names that begin alike are near, unless the beginning itself is a slip.
  const auto verb = verb_of(name);
  const bool known_verb = known.verbs.contains(verb);
  std::vector<std::string_view> candidates;
  for (const auto& [_, written] : of_source->second) {
    if (!known_verb || verb_of(written) == verb) candidates.push_back(written);
  }
  constexpr std::size_t kShortest = 6;  // two edits make almost any shorter name another
  const auto near = folded.size() < kShortest ? std::string_view{} : did_you_mean(folded, candidates);
  if (near.empty()) return {};
  if (const auto* dated = lambda ? find_dated(near) : nullptr) {
    return {CallCheck::Kind::kNearMiss, {std::string(dated->logged)}};
  }
  return {CallCheck::Kind::kNearMiss, {std::string(near)}};
}

}  // namespace tripline::rules
