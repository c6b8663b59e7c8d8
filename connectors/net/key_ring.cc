#include "connectors/net/key_ring.h"

namespace tripline::connectors::net {

KeyRing::KeyRing(const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) hashes_.push_back(sha256(secret));
}

std::optional<std::size_t> KeyRing::find(std::string_view secret) const {
  const Sha256 hash = sha256(secret);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    if (equal_in_constant_time(bytes_of(hash), bytes_of(hashes_[i]))) found = i;
  }
  return found;
}

}  // namespace tripline::connectors::net
