#include "engine/field.h"

#include <algorithm>

#include "engine/derived.h"

namespace tripline::engine {

namespace {

/// Root keys that identity, outcome and evidence read of every record that matches.
constexpr std::string_view kCoreKeys[] = {
    "additionalEventData",
    "awsRegion",
    "errorCode",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "recipientAccountId",
    "requestParameters",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sourceIPAddress",
    "userAgent",
    "userIdentity",
};

}  // namespace

FieldTable::FieldTable(bool with_derived) : with_derived_(with_derived), root_table_(128, {0, kNoField}) {
  if (!with_derived) return;
  for (const std::string_view key : kCoreKeys) intern_root(std::string(key));
}

FieldId FieldTable::intern(std::string_view path) {
  if (const auto found = by_path_.find(std::string(path)); found != by_path_.end()) return found->second;
  const auto id = static_cast<FieldId>(fields_.size());
  Field field;
  field.path = path;
  if (with_derived_) field.derived = find_derived(path);
  field.begins.push_back(0);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '.') field.begins.push_back(static_cast<std::uint32_t>(i + 1));
  }
  field.begins.push_back(static_cast<std::uint32_t>(path.size() + 1));
  if (field.derived == nullptr) {
    for (std::size_t used = field.segments(); used >= 1; --used) {
      field.entries.push_back({intern_root(std::string(field.key(0, used))), static_cast<std::uint32_t>(used)});
    }
  }
  fields_.push_back(std::move(field));
  by_path_.emplace(path, id);
  return id;
}

std::uint32_t FieldTable::intern_root(std::string key) {
  if (const auto slot = root_slot(key); slot != kNoField) return slot;
  const auto slot = static_cast<std::uint32_t>(root_keys_.size());
  root_keys_.push_back(std::move(key));
  const auto place = [this](std::uint32_t s) {
    const std::uint32_t hash = hash_key(root_keys_[s]);
    const std::size_t mask = root_table_.size() - 1;
    std::size_t at = hash & mask;
    while (root_table_[at].slot != kNoField) at = (at + 1) & mask;
    root_table_[at] = {hash, s};
  };
  if (root_keys_.size() * 2 <= root_table_.size()) {
    place(slot);
    return slot;
  }
  root_table_.assign(root_table_.size() * 2, {0, kNoField});
  for (std::uint32_t s = 0; s <= slot; ++s) place(s);
  return slot;
}

}  // namespace tripline::engine
