#include "rules/encoding.h"

#include <cstdint>

#include <openssl/evp.h>

namespace tripline::rules {
namespace {

/// The next character of `text` from `i` on, which moves past it.
char32_t next_character(std::string_view text, std::size_t& i) {
  constexpr char32_t kReplacement = 0xFFFD;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(i++);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : -1;
  if (more < 0) return kReplacement;
  char32_t character = first & (0x3FU >> more);
  for (int left = more; left > 0; --left, ++i) {
    if (i == text.size() || (byte(i) & 0xC0) != 0x80) return kReplacement;
    character = character << 6 | (byte(i) & 0x3FU);
  }
  return character <= 0x10FFFF ? character : kReplacement;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and a terminating zero
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::array<std::string, 3> base64_offsets(std::string_view bytes) {
  std::array<std::string, 3> offsets;
  for (std::size_t before = 0; before < 3; ++before) {
    // A character carries six bits, so it belongs to `bytes` alone when all of its six lie in them.
    const std::size_t begin = (before * 8 + 5) / 6;
    const std::size_t end = (before + bytes.size()) * 8 / 6;
    const std::string whole = base64(std::string(before, '\0') + std::string(bytes));
    if (begin < end) offsets[before] = whole.substr(begin, end - begin);
  }
  return offsets;
}

std::string utf16(std::string_view text, Utf16 form) {
  std::string bytes;
  const auto unit = [&](std::uint32_t value) {
    const char low = static_cast<char>(value & 0xFF);
    const char high = static_cast<char>(value >> 8);
    bytes += form == Utf16::kBigEndian ? high : low;
    bytes += form == Utf16::kBigEndian ? low : high;
  };
  if (form == Utf16::kWithMark) unit(0xFEFF);
  for (std::size_t i = 0; i < text.size();) {
    const char32_t character = next_character(text, i);
    if (character < 0x10000) {
      unit(character);
    } else {
      unit(0xD800 + ((character - 0x10000) >> 10));
      unit(0xDC00 + ((character - 0x10000) & 0x3FF));
    }
  }
  return bytes;
}

}  // namespace tripline::rules
