#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/sha256.h"

namespace tripline::connectors::net {

/// Secrets that open a way in. Which one is held out, if any, is found in a time that depends on how many there are
/// and on the length of what is held out alone. It keeps hashes, no secrets.
class KeyRing {
 public:
  explicit KeyRing(const std::vector<std::string>& secrets);

  bool empty() const { return hashes_.empty(); }
  /// The index of that secret.
  std::optional<std::size_t> find(std::string_view secret) const;

 private:
  std::vector<Sha256> hashes_;
};

}  // namespace tripline::connectors::net
