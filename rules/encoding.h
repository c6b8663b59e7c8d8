#pragma once

#include <array>
#include <string>
#include <string_view>

namespace tripline::rules {

// What Sigma's encoding modifiers make of a text. Source: Sigma Modifiers 2.1.0, "Encoding".

std::string base64(std::string_view bytes);

/// What the Base64 of any text that holds `bytes` must hold, for each of the three places in a group of three at which
/// they can begin: the characters that their neighbours cannot change. Some are empty when there are few bytes.
std::array<std::string, 3> base64_offsets(std::string_view bytes);

enum class Utf16 { kLittleEndian, kBigEndian, kWithMark };  // kWithMark: FF FE, then little endian

/// `text` is UTF-8; a byte that is none becomes U+FFFD.
std::string utf16(std::string_view text, Utf16 form);

}  // namespace tripline::rules
