#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tripline::connectors {

/// How far before and after a brace find_record_start() looks; what is further away does not count.
inline constexpr std::size_t kStartReach = 128;

/// The first key of an object that begins with `text[0]`, the brace; empty when there is none within kStartReach.
std::string_view first_key(std::string_view text);

/// How a record may begin, for finding the next one behind damage.
struct RecordStart {
  bool cloudtrail = true;   // `eventVersion` and `Records` are first keys of records and of what holds them
  std::string key;          // another first key: that of the delivery's earlier records; empty: unknown
  bool any_object = false;  // whatever looks like the beginning of an object will do

  /// Whether a record may have that first key.
  bool has(std::string_view first) const;
};

/// Where the next record seems to begin, at or after `from`: at a brace with such a first key, or at a brace that is
/// the first of its line. npos: nowhere in `text`. Takes no account of strings: inside one, the quote of a key would
/// have ended it. `text` holds kStartReach bytes before `from` and after the last byte that counts, where there are
/// some.
std::size_t find_record_start(std::string_view text, std::size_t from, const RecordStart& start);

}  // namespace tripline::connectors
