#include "engine/base64.h"

#include <openssl/evp.h>

namespace tripline::engine {

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
