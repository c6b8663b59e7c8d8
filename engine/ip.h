#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tripline::engine {

/// An IP address in network byte order; IPv4 as IPv4-mapped IPv6 (`::ffff:a.b.c.d`), however it was written.
using Address = std::array<std::uint8_t, 16>;

/// Reads an address as inet_pton(3) does: four decimal numbers without leading zeros, or IPv6 without a zone. Nothing
/// when `text` is anything else, blanks included.
std::optional<Address> parse_address(std::string_view text);

/// Addresses that share their first `prefix_bits`.
struct Network {
  Address address{};
  int prefix_bits = 0;  // 0 to 128; an IPv4 network has 96 more than it was written with

  /// IPv4 addresses lie in IPv4 networks only: `::/0` holds none of them.
  bool contains(const Address& other) const;

  bool operator==(const Network&) const = default;
};

/// Reads `10.0.0.0/8`, `2001:db8::/32`, or an address alone as the network of that address. Nothing when it is no
/// network, or when bits after the prefix are set (`10.0.0.1/8`): its author meant something else.
std::optional<Network> parse_network(std::string_view text);

/// As parse_network() reads it.
std::string format_network(const Network& network);

}  // namespace tripline::engine
