#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/event_key.h"
#include "engine/field.h"
#include "engine/key_scan.h"
#include "engine/literal_finder.h"
#include "engine/needs.h"

namespace tripline::engine {

/// Dismisses records that no consumer can have business with, by their bytes alone, so that they need not be parsed.
///
/// It looks for keys that wanted fields end in, at any depth, and for needed literals in the values behind them: it
/// over-approximates, never under-approximates. What it cannot tell is left to the parser: text that is not ASCII,
/// line breaks and other control bytes, `\u`, wanted values with escapes or of an odd kind, strings where a wanted path
/// goes on (they may hold a JSON document), and whatever shows no eventID.
/// A dismissed record was checked for structure only, by whoever split the delivery: strings and brackets.
/// Immutable once built; shared by all workers.
class RecordFilter {
 public:
  /// `fields` is the table of the Needs.
  RecordFilter(const std::vector<Needs>& needs, const FieldTable& fields);

  /// Whether it can dismiss any record, and faster than a parser: all consumers need literals in fields of the record,
  /// and the machine has the instructions for it.
  bool usable() const { return usable_; }

  /// Whether the record, one object with balanced brackets, holds none of the literals. `identity` is filled if so.
  /// Reads up to kRecordPadding bytes behind the record.
  bool dismisses(std::string_view record, EventIdentity& identity) const;

 private:
  struct Place {
    std::uint64_t operator()(std::uint64_t key) const { return key; }  // it is a hash already
  };
  static constexpr std::size_t kTail = 4;
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::uint16_t kNone = 0xffff;
  enum class Role : std::uint8_t { kNone, kEventId, kAccount };
  /// A key that is looked for.
  struct Key {
    std::string text;
    bool leads_on = false;          // some wanted path goes on below it
    bool ends = false;              // some wanted path ends in it
    bool any_text = false;          // ...whatever it is
    std::uint64_t equal_sizes = 0;  // of the values that are wanted whole, one bit each; the highest: 63 and more
    Role role = Role::kNone;
    LiteralFinder contains;
  };
  /// What tells a key's place in a text, side by side with those of the other keys.
  struct Shape {
    std::uint64_t head = 0;       // its first letters, eight at most...
    std::uint64_t head_mask = 0;  // ...and where they are
    std::uint32_t tail = 0;       // its last letters
    std::uint16_t size = 0;
    std::uint16_t next = kNone;  // the next key of the same bucket
  };

  bool add(const NeededLiteral& literal, const FieldTable& fields, std::vector<std::vector<std::string>>& contains);
  std::uint32_t add_key(std::string_view text);
  bool stands_before(std::size_t key, const char* end, const char* begin) const;
  bool may_matter(std::size_t index, const char* value, const char* end, EventIdentity& identity) const;

  /// The last three letters of a key and its closing quote, which is before `end`.
  static std::uint32_t tail(const char* end) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, end - kTail, kTail);
    return bytes;
  }
  static std::size_t bucket(std::uint32_t tail) { return tail * 0x9e3779b1U >> 24; }

  bool usable_ = false;
  std::vector<Key> keys_;
  KeyTails tails_;
  std::vector<Shape> shapes_;                      // by key
  std::array<std::uint16_t, kBuckets> buckets_{};  // the first key of each tail's bucket
  boost::unordered_flat_set<std::uint64_t, Place> equals_;
};

}  // namespace tripline::engine
