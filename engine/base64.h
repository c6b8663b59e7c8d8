#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tripline::engine {

/// Room that base64_decode() needs for `encoded` characters.
constexpr std::size_t base64_room(std::size_t encoded) { return encoded / 4 * 3 + 3; }

/// Decodes base64 (RFC 4648, section 4; padding may be missing) into `to` and returns how many bytes came out. Nothing
/// when it is no base64: what `to` holds then is of no meaning. `to` has base64_room(text.size()) bytes, all of which
/// may be written. AVX2 is used where the machine has it.
std::optional<std::size_t> base64_decode(std::string_view text, char* to);

/// The same without SIMD, for other machines and as the tests' oracle.
std::optional<std::size_t> base64_decode_portable(std::string_view text, char* to);

/// Base64 with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);

}  // namespace tripline::engine
