#pragma once

#include <string>
#include <string_view>

#include "app/config/key.h"
#include "app/config/node.h"

namespace tripline::app {

/// What is wrong with a value; both empty: nothing.
struct ValueFault {
  std::string what;  // goes on after the value: `has no unit`
  std::string hint;
  explicit operator bool() const { return !what.empty(); }
};

/// Reads one text as the key's type wants it, and sets the node's `texts` (one more), `number` and `present`. Nothing
/// of the value stands in the fault, which may be about a secret.
ValueFault read_value(const ConfigKey& key, std::string_view text, ConfigNode& into);

/// `10s`, `1500ms`, `90d`: in the largest unit that is whole.
std::string duration_words(std::uint64_t milliseconds);
/// `256MiB`.
std::string size_words(std::uint64_t bytes);

/// The IP address of a `host:port` that read_value() took; of `localhost` 127.0.0.1.
std::string host_of(std::string_view address);

/// Whether only the host itself reaches a server that listens there. `host` is an IP address.
bool is_loopback(std::string_view host);

}  // namespace tripline::app
