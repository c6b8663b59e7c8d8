#include "engine/field.h"

#include <algorithm>

#include "engine/derived.h"

namespace tripline::engine {

namespace {

std::uint64_t hash_key(std::string_view key) {
  std::uint64_t hash = key.size() * 0x9e3779b97f4a7c15;
  // Keys differ in length, in their first letters or in their last ones; two loads see them all up to 16 letters.
  std::uint64_t head = 0, tail = 0;
  const std::size_t n = key.size() < 8 ? key.size() : 8;
  key.copy(reinterpret_cast<char*>(&head), n);
  key.substr(key.size() - n).copy(reinterpret_cast<char*>(&tail), n);
  hash = (hash ^ head) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 32) ^ tail) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 29);
}

constexpr std::uint32_t kEmpty = static_cast<std::uint32_t>(-1);

}  // namespace

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
