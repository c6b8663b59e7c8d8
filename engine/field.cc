#include "engine/field.h"

#include <algorithm>

#include "engine/derived.h"

namespace tripline::engine {

namespace {

/// A record's keys differ in length or in their first, middle or last letter, nearly always.
std::size_t hash_key(std::string_view key) {
  if (key.empty()) return 0;
  const auto letter = [key](std::size_t at) { return static_cast<unsigned char>(key[at]); };
  return key.size() * 0x9e3779b1 ^ letter(0) * 0x85ebca77u ^ letter(key.size() / 2) * 0xc2b2ae3du ^
         letter(key.size() - 1) * 0x27d4eb2fu;
}

constexpr std::uint32_t kEmpty = static_cast<std::uint32_t>(-1);

/// Root keys that identity, outcome and evidence read of every record that matches.
constexpr std::string_view kCoreKeys[] = {
    "additionalEventData", "awsRegion",        "errorCode",           "eventCategory",   "eventID",
    "eventName",           "eventSource",      "eventTime",           "eventType",       "recipientAccountId",
    "requestParameters",   "responseElements", "serviceEventDetails", "sourceIPAddress", "userIdentity",
};

}  // namespace

FieldTable::FieldTable(bool with_derived) : with_derived_(with_derived) {
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

std::uint32_t FieldTable::root_slot(std::string_view key) const {
  if (root_table_.empty()) return kNoField;
  const std::size_t mask = root_table_.size() - 1;
  for (std::size_t at = hash_key(key) & mask; root_table_[at] != kEmpty; at = (at + 1) & mask) {
    if (root_keys_[root_table_[at]] == key) return root_table_[at];
  }
  return kNoField;
}

std::uint32_t FieldTable::intern_root(std::string key) {
  if (const auto slot = root_slot(key); slot != kNoField) return slot;
  const auto slot = static_cast<std::uint32_t>(root_keys_.size());
  root_keys_.push_back(std::move(key));
  const auto place = [this](std::uint32_t s) {
    const std::size_t mask = root_table_.size() - 1;
    std::size_t at = hash_key(root_keys_[s]) & mask;
    while (root_table_[at] != kEmpty) at = (at + 1) & mask;
    root_table_[at] = s;
  };
  if (root_keys_.size() * 2 > root_table_.size()) {
    root_table_.assign(root_table_.empty() ? 64 : root_table_.size() * 2, kEmpty);
    for (std::uint32_t s = 0; s <= slot; ++s) place(s);
  } else {
    place(slot);
  }
  return slot;
}

}  // namespace tripline::engine
