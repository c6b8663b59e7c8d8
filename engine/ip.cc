#include "engine/ip.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace tripline::engine {
namespace {

constexpr int kMappedBits = 96;  // the prefix that IPv4 addresses share
constexpr Address kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool shares_prefix(const Address& a, const Address& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool is_ipv4(const Address& address) { return shares_prefix(address, kMapped, kMappedBits); }

bool has_bits_after(const Network& network) {
  for (int bit = network.prefix_bits; bit < 128; ++bit) {
    if (network.address[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8) & 1) return true;
  }
  return false;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos) return std::nullopt;
  *std::copy(text.begin(), text.end(), terminated) = '\0';
  Address address = kMapped;
  if (inet_pton(AF_INET, terminated, address.data() + kMappedBits / 8) == 1) return address;
  if (inet_pton(AF_INET6, terminated, address.data()) == 1) return address;
  return std::nullopt;
}

bool Network::contains(const Address& other) const {
  if (prefix_bits < kMappedBits && is_ipv4(other)) return false;
  return shares_prefix(address, other, prefix_bits);
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network{*address, 128};
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const bool written_as_ipv4 = text.substr(0, slash).find(':') == std::string_view::npos;
    const int most = written_as_ipv4 ? 32 : 128;
    int bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const bool plain = !digits.empty() && digits.front() != '-' && (digits.size() == 1 || digits.front() != '0');
    if (!plain || error != std::errc{} || end != digits.data() + digits.size() || bits > most) return std::nullopt;
    network.prefix_bits = bits + 128 - most;
  }
  if (has_bits_after(network)) return std::nullopt;
  return network;
}

std::string format_network(const Network& network) {
  const bool ipv4 = network.prefix_bits >= kMappedBits && is_ipv4(network.address);
  char text[INET6_ADDRSTRLEN];
  inet_ntop(ipv4 ? AF_INET : AF_INET6, network.address.data() + (ipv4 ? kMappedBits / 8 : 0), text, sizeof text);
  return std::string(text) + '/' + std::to_string(network.prefix_bits - (ipv4 ? kMappedBits : 0));
}

}  // namespace tripline::engine
