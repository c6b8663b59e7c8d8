#include "engine/event_key.h"

#include <string>
#include <xxhash.h>

#include "engine/envelope.h"

namespace tripline::engine {
namespace {

/// Neither text can run into the other: the first one's length stands before them.
EventKey hash(char kind, std::string_view first, std::string_view second) {
  thread_local std::string text;  // keeps its memory
  text.assign(1, kind).append(std::to_string(first.size())).append(1, ':').append(first).append(second);
  const XXH128_hash_t hashed = XXH3_128bits(text.data(), text.size());
  return {.high = hashed.high64, .low = hashed.low64};
}

}  // namespace

EventKey event_key(const EventIdentity& identity, const Record& record) {
  if (!identity.event_id.empty()) return hash('e', identity.event_id, identity.account);
  const std::string index = std::to_string(record.index);
  return hash('p', record.envelope == nullptr ? std::string_view{} : record.envelope->path, index);
}

}  // namespace tripline::engine
