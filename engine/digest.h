#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "engine/event_key.h"

namespace tripline::engine {

/// The first 128 bits of SHA-256 over the parts, each preceded by its length, so that no two lists of parts collide by
/// concatenation. Stable: ids of signals and .
EventKey digest_128(std::initializer_list<std::string_view> parts);

/// 32 lower-case hexadecimal digits.
std::string to_hex(const EventKey& key);

/// What to_hex() made.
EventKey from_hex(std::string_view digits);

}  // namespace tripline::engine
