#pragma once

#include <string>

#include <simdjson.h>

namespace tripline::engine {

/// The record as compact JSON, in its order and with its duplicate keys, with `(secret)` in the place of what
/// engine/secrets.h tells of; of a string that holds JSON with a secret nothing is left.
std::string without_secrets(simdjson::dom::element record);

}  // namespace tripline::engine
