#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/record.h"

namespace tripline::engine {

/// What tells one event from another; the same event delivered twice has the same key. 128 bits, so that keys can stand
/// for events: of a billion events, two have the same key with a chance of 1 in 10^20.
/// Source: docs/architecture.md, "Duplicates".
struct EventKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const EventKey&) const = default;
};

struct EventKeyHash {
  std::size_t operator()(const EventKey& key) const { return static_cast<std::size_t>(key.low); }  // it is a hash
};

/// What a record says of which event it is; views of it. Empty: it does not say.
struct EventIdentity {
  std::string_view event_id;
  std::string_view account;  // recipientAccountId
};

/// XXH3 over account and eventID, or over path and index for a record without eventID. Stable: stores keep it.
EventKey event_key(const EventIdentity& identity, const Record& record);

}  // namespace tripline::engine
