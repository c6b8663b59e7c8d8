#include "alerts/address_guard.h"

#include <algorithm>
#include <optional>

#include "engine/text.h"

namespace tripline::alerts {
namespace {

using engine::Address;
using engine::Network;

// Sources: IANA's special-purpose address registries; Amazon EC2 User Guide, "Instance metadata"; Amazon ECS and EKS
// guides for the other two addresses of credentials.
constexpr RefusedNetwork kRefused[] = {
    {"0.0.0.0/8", "unspecified"},     {"127.0.0.0/8", "loopback"},
    {"169.254.0.0/16", "link-local"},  // with 169.254.169.254, 169.254.170.2 and .23: metadata and credentials
    {"224.0.0.0/4", "multicast"},     {"240.0.0.0/4", "reserved"},
    {"::/128", "unspecified"},        {"::1/128", "loopback"},
    {"fe80::/10", "link-local"},      {"ff00::/8", "multicast"},
    {"fd00:ec2::/32", "metadata"},  // ::254 and ::23
};

/// IPv4 addresses that IPv6 networks carry: the prefix, and where the four bytes stand.
constexpr struct {
  std::string_view prefix;
  std::size_t offset;
} kCarriers[] = {{"::/96", 12}, {"64:ff9b::/96", 12}, {"64:ff9b:1::/48", 12}, {"2002::/16", 2}};

struct Row {
  Network network;
  std::string_view why;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> parsed;
    for (const auto& row : kRefused) parsed.push_back({engine::parse_network(row.network).value(), row.why});
    return parsed;
  }();
  return all;
}

std::string_view why_refused(const Address& address) {
  for (const Row& row : rows()) {
    if (row.network.contains(address)) return row.why;
  }
  return {};
}

/// The IPv4 address inside, if there is one.
std::optional<Address> carried(const Address& address) {
  for (const auto& carrier : kCarriers) {
    if (!engine::parse_network(carrier.prefix)->contains(address)) continue;
    Address inner{};
    inner[10] = inner[11] = 0xff;
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(carrier.offset), 4, inner.begin() + 12);
    return inner;
  }
  return std::nullopt;
}

std::string_view without_brackets(std::string_view host) {
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

AddressGuard::AddressGuard(const std::vector<std::string>& allowed) {
  for (const std::string& entry : allowed) {
    if (const auto network = engine::parse_network(entry)) {
      networks_.push_back(*network);
    } else {
      names_.push_back(engine::fold(entry));
    }
  }
}

bool AddressGuard::names(std::string_view host) const {
  return std::any_of(names_.begin(), names_.end(),
                     [&](const std::string& name) { return engine::equals_folded(host, name); });
}

std::string_view AddressGuard::refusal(std::string_view host, const Address& address) const {
  std::string_view why = why_refused(address);
  const auto inner = carried(address);
  if (why.empty() && inner) why = why_refused(*inner);
  if (why.empty() || names(without_brackets(host))) return {};
  for (const Network& network : networks_) {
    if (network.contains(address) || (inner && network.contains(*inner))) return {};
  }
  return why;
}

std::string_view AddressGuard::refusal_of_host(std::string_view host) const {
  const auto address = engine::parse_address(without_brackets(host));
  return address ? refusal(host, *address) : std::string_view{};
}

std::string AddressGuard::fault_of(std::string_view entry) {
  if (engine::parse_network(entry)) return {};
  const auto is_of_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  };
  if (!entry.empty() && std::all_of(entry.begin(), entry.end(), is_of_name)) return {};
  return "is a host's name, an address or a network, such as hooks.internal, 127.0.0.1 or 169.254.0.0/16";
}

const std::vector<RefusedNetwork>& refused_networks() {
  static const std::vector<RefusedNetwork> all(std::begin(kRefused), std::end(kRefused));
  return all;
}

}  // namespace tripline::alerts
