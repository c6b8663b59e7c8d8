#pragma once

#include <array>
#include <string>
#include <string_view>

namespace tripline::connectors::net {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256(std::string_view text);
Sha256 hmac_sha256(std::string_view key, std::string_view text);

/// The hash as a key of the next hash.
inline std::string_view bytes_of(const Sha256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// 64 lower-case hexadecimal digits.
std::string hex(const Sha256& hash);

/// Whether both are the same, in a time that depends on their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tripline::connectors::net
