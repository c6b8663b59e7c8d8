#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tripline::engine {

using FieldId = std::uint32_t;
inline constexpr FieldId kNoField = static_cast<FieldId>(-1);

struct Derived;

/// One field that somebody reads: a dotted path from the record's root, or one of our derived fields.
struct Field {
  std::string path;
  std::vector<std::uint32_t> begins;  // where each segment begins in `path`; one more than there are, past the end
  const Derived* derived = nullptr;   // not null: computed by engine/derived.cc, no path in the record
  /// Ways in from the root, the longest literal key first: `a.b.c` whole, then `a.b` + `c`, then `a` + `b.c`.
  struct Entry {
    std::uint32_t root_slot;
    std::uint32_t rest;  // the first segment that is left below that key
  };
  std::vector<Entry> entries;

  std::size_t segments() const { return begins.size() - 1; }
  /// Segments `from` up to and without `to`, as one key.
  std::string_view key(std::size_t from, std::size_t to) const {
    return std::string_view(path).substr(begins[from], begins[to] - begins[from] - 1);
  }
};

/// The fields that the loaded consumers use, each once, and the root keys that lead to them.
/// Immutable once built; shared by all workers.
class FieldTable {
 public:
  /// `with_derived`: names of derived fields (`outcome`, `actor.*`) mean ours, as they do for CloudTrail; else every
  /// name is a path of the record.
  explicit FieldTable(bool with_derived = true);

  /// Adds `path`, or finds it. Paths are case-sensitive, as CloudTrail's keys are.
  FieldId intern(std::string_view path);

  const Field& operator[](FieldId id) const { return fields_[id]; }
  std::size_t size() const { return fields_.size(); }
  bool with_derived() const { return with_derived_; }
  std::size_t root_slots() const { return root_keys_.size(); }

  /// The slot of a key at the record's root, or kNoField when no field begins there.
  std::uint32_t root_slot(std::string_view key) const {
    const std::uint32_t hash = hash_key(key);
    const std::size_t mask = root_table_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const RootEntry& entry = root_table_[at];
      if (entry.slot == kNoField) return kNoField;
      if (entry.hash == hash && root_keys_[entry.slot] == key) return entry.slot;
    }
  }

 private:
  struct RootEntry {
    std::uint32_t hash;
    std::uint32_t slot;  // kNoField: empty
  };

  /// A record's keys differ in length or in their first, middle or last letter, nearly always.
  static std::uint32_t hash_key(std::string_view key) {
    if (key.empty()) return 0;
    const auto letter = [key](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(key[at])}; };
    const std::uint32_t hash = static_cast<std::uint32_t>(key.size()) * 0x9e3779b1u ^ letter(0) * 0x85ebca77u ^
                               letter(key.size() / 2) * 0xc2b2ae3du ^ letter(key.size() - 1) * 0x27d4eb2fu;
    return hash ^ hash >> 15;
  }

  std::uint32_t intern_root(std::string key);

  bool with_derived_;
  std::vector<Field> fields_;
  std::unordered_map<std::string, FieldId> by_path_;
  std::vector<std::string> root_keys_;
  std::vector<RootEntry> root_table_;  // open addressing over root_keys_; a power of two, at most half full
};

}  // namespace tripline::engine
