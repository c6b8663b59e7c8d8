#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/field.h"
#include "engine/literal_finder.h"
#include "engine/needs.h"

namespace tripline::engine {

/// Dismisses records that no consumer can have business with, by their bytes alone, so that they need not be parsed.
///
/// It looks for keys that wanted fields end in, at any depth, and for needed literals in the values behind them: it
/// over-approximates, never under-approximates. What it cannot tell is left to the parser: text that is not ASCII,
/// white space between tokens, `\u`, wanted values with escapes, strings where a wanted path goes on (they may hold a
/// JSON document).
/// A dismissed record is well-formed as far as that shows without the depth: strings, escapes, scalars and what stands
/// side by side are checked, brackets by whoever split the delivery, but not whether an object's parts are pairs.
/// Immutable once built; shared by all workers.
class RecordFilter {
 public:
  /// `fields` is the table of the Needs.
  RecordFilter(const std::vector<Needs>& needs, const FieldTable& fields);

  /// Whether it can dismiss any record, and faster than a parser: all consumers need literals in fields of the record,
  /// and the machine has the instructions for it.
  bool usable() const { return usable_; }

  /// What tells one event from another; views of the record.
  struct Identity {
    std::string_view event_id;
    std::string_view account;  // recipientAccountId
  };

  /// Whether the record, one object with balanced brackets, holds none of the literals. `identity` is filled if so.
  /// Reads up to kRecordPadding bytes behind the record.
  bool dismisses(std::string_view record, Identity& identity) const;

 private:
  struct Place {
    std::uint64_t operator()(std::uint64_t key) const { return key; }  // it is a hash already
  };
  enum class Role : std::uint8_t { kNone, kEventId, kAccount };
  /// A key that is looked for.
  struct Key {
    std::string text;
    bool leads_on = false;          // some wanted path goes on below it
    bool ends = false;              // some wanted path ends in it
    std::size_t longest_equal = 0;  // bytes; a longer value equals none
    bool has_equals = false;
    Role role = Role::kNone;
    LiteralFinder contains;
  };

  bool add(const NeededLiteral& literal, const FieldTable& fields, std::vector<std::vector<std::string>>& contains);
  std::uint32_t add_key(std::string_view text);
  bool may_matter(std::uint32_t index, std::string_view rest, Identity& identity) const;

  /// The last three letters of a key and its closing quote, which is before `end`.
  static std::uint32_t tail(const char* end) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, end - kTail, kTail);
    return bytes;
  }
  static std::uint32_t bucket(std::uint32_t tail) { return tail * 0x9e3779b1U >> 24; }
  static constexpr std::size_t kTail = 4;
  static constexpr std::uint32_t kBuckets = 256;
  static constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

  bool usable_ = false;
  std::vector<Key> keys_;
  std::array<std::uint64_t, kBuckets / 64> any_{};  // whether a bucket has a key
  std::array<std::vector<std::uint32_t>, kBuckets> buckets_;
  boost::unordered_flat_set<std::uint64_t, Place> equals_;
};

}  // namespace tripline::engine
