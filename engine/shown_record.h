#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <simdjson.h>

#include "engine/record_text.h"

namespace tripline::engine {

/// Whether it is a setting that names a secret: `{"name": "DB_PASSWORD", "value": ...}`, of which is_setting() members
/// may not be shown.
bool names_secret(const simdjson::dom::object& object);

inline constexpr std::size_t kMaxShownRecord = 16 * 1024;  // bytes

/// A record as signals show it: compact JSON in the record's order, of duplicate keys the first, with `(secret)` in the
/// place of what engine/secrets.h tells of, JSON in strings included. When that has more than kMaxShownRecord bytes,
/// long texts, lists and deep objects are cut, as little as it takes, and `(cut)` stands where something was left out.
RecordText shown_record(simdjson::dom::element record);

/// The same for a record that is to be judged later: whole, with its duplicate keys.
std::string without_secrets(simdjson::dom::element record);

/// The same for text that is kept as it was delivered; what is fit already is given back. Keeps its parsers.
/// Threads: not synchronised.
class RecordShower {
 public:
  std::shared_ptr<const RecordText> shown(std::shared_ptr<const RecordText> text);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace tripline::engine
