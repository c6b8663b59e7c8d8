#include "engine/digest.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <memory>

#include <openssl/evp.h>

namespace tripline::engine {

Digest digest_128(std::initializer_list<std::string_view> parts) {
  std::string message;
  for (std::string_view part : parts) {
    message += std::to_string(part.size());
    message += ':';
    message += part;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  // Both kept, as looking one up by name or making the other costs more than the digest itself.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  EVP_DigestInit_ex(context.get(), kSha256, nullptr);
  EVP_DigestUpdate(context.get(), message.data(), message.size());
  EVP_DigestFinal_ex(context.get(), hash.data(), &length);
  const auto word = [&hash](std::size_t from) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | hash[from + i];
    return value;
  };
  return {.high = word(0), .low = word(8)};
}

std::string to_hex(const Digest& digest) {
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                static_cast<unsigned long long>(digest.low));
  return text.data();
}

Digest from_hex(std::string_view digits) {
  Digest digest;
  std::from_chars(digits.data(), digits.data() + 16, digest.high, 16);
  std::from_chars(digits.data() + 16, digits.data() + 32, digest.low, 16);
  return digest;
}

}  // namespace tripline::engine
