#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/ip.h"

namespace tripline::alerts {

/// Where requests may not go unless the sink's `allow` names it, so that a URL, or whoever answers for its name in DNS,
/// cannot make us talk to the machine itself or to its cloud's metadata service.
///
/// Private networks (10.0.0.0/8 and their like) are where many receivers live, and are not refused.
/// Threads: immutable.
class AddressGuard {
 public:
  AddressGuard() = default;
  /// Each is a host's name as it stands in the URL, an address, or a network: `hooks.internal`, `127.0.0.1`,
  /// `169.254.0.0/16`.
  explicit AddressGuard(const std::vector<std::string>& allowed);

  /// Why a connection to `address`, to which `host` of the URL resolved, is refused: `loopback`, `link-local`, ...;
  /// empty: it is not.
  std::string_view refusal(std::string_view host, const engine::Address& address) const;

  /// Whether `host` is an address (perhaps in brackets) that would be refused: known before anything is sent.
  std::string_view refusal_of_host(std::string_view host) const;

  /// Nothing, or what is wrong with an entry of `allow`.
  static std::string fault_of(std::string_view entry);

 private:
  bool names(std::string_view host) const;

  std::vector<std::string> names_;  // folded
  std::vector<engine::Network> networks_;
};

/// Networks that are refused, with the word for them, for documentation.
struct RefusedNetwork {
  std::string_view network;
  std::string_view why;
};
const std::vector<RefusedNetwork>& refused_networks();

}  // namespace tripline::alerts
