#include "engine/base64.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <openssl/evp.h>

namespace tripline::engine {

std::optional<std::size_t> base64_decode(std::string_view text, char* to) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  // OpenSSL passes over white space at the ends and reads '-' as the end of the data.
  const auto foreign = [](char c) { return c == '-' || c == '=' || static_cast<unsigned char>(c) <= ' '; };
  if (text.size() % 4 == 1 || text.size() > std::numeric_limits<int>::max() / 2) return std::nullopt;
  if (padding > 0 && (text.size() + padding) % 4 != 0) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), foreign)) return std::nullopt;

  const std::size_t whole = text.size() / 4 * 4;
  auto* out = reinterpret_cast<unsigned char*>(to);
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  if (whole > 0 && EVP_DecodeBlock(out, in, static_cast<int>(whole)) < 0) return std::nullopt;
  const std::size_t rest = text.size() - whole;
  if (rest == 0) return whole / 4 * 3;
  unsigned char last[4] = {'=', '=', '=', '='};
  std::memcpy(last, in + whole, rest);
  if (EVP_DecodeBlock(out + whole / 4 * 3, last, sizeof last) < 0) return std::nullopt;
  return whole / 4 * 3 + rest - 1;
}

std::string base64_encode(std::string_view bytes) {
  constexpr std::size_t kStretch = std::size_t{3} << 20;  // OpenSSL counts in int
  std::string text(bytes.size() / 3 * 4 + 5, '\0');       // it writes a zero behind
  std::size_t written = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kStretch) {
    const std::string_view stretch = bytes.substr(at, kStretch);
    written += static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + written),
                                                        reinterpret_cast<const unsigned char*>(stretch.data()),
                                                        static_cast<int>(stretch.size())));
  }
  text.resize(written);
  return text;
}

}  // namespace tripline::engine
