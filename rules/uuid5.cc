#include "rules/uuid5.h"

#include <array>
#include <cctype>
#include <cstddef>

#include <openssl/evp.h>

namespace tripline::rules {
namespace {

// 6f0c3f0e-5f3d-4c0b-9a53-0d6a0b1c7e42
constexpr std::array<unsigned char, 16> kNamespace = {0x6f, 0x0c, 0x3f, 0x0e, 0x5f, 0x3d, 0x4c, 0x0b,
                                                      0x9a, 0x53, 0x0d, 0x6a, 0x0b, 0x1c, 0x7e, 0x42};

constexpr bool is_dash(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

}  // namespace

std::string uuid5(std::string_view name) {
  std::string message(kNamespace.begin(), kNamespace.end());
  message += name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  EVP_Digest(message.data(), message.size(), hash.data(), &length, EVP_sha1(), nullptr);
  hash[6] = static_cast<unsigned char>((hash[6] & 0x0f) | 0x50);  // version 5
  hash[8] = static_cast<unsigned char>((hash[8] & 0x3f) | 0x80);  // variant of RFC 9562
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 16; ++i) {
    if (is_dash(text.size())) text += '-';
    text += kDigits[hash[i] >> 4];
    text += kDigits[hash[i] & 0x0f];
  }
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (is_dash(i) ? c != '-' : !std::isxdigit(c)) return false;
  }
  return true;
}

}  // namespace tripline::rules
