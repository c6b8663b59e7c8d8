#include "engine/secrets.h"

#include <algorithm>
#include <iterator>

#include "engine/text.h"

namespace tripline::engine {
namespace {

/// Ends of key names, folded: `masterUserPassword`, `newPassword` and `X-Amz-Security-Token` are meant too.
constexpr std::string_view kSecretEndings[] = {
    "password",     "secretaccesskey", "sessiontoken", "security-token", "securitytoken",
    "secretstring", "secretbinary",    "privatekey",   "private_key",    "authorizationtoken",
};

}  // namespace

bool is_secret(std::string_view path) {
  return std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings),
                     [&](std::string_view ending) { return ends_with_folded(path, ending); });
}

bool holds_secret(std::string_view json) {
  return std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings), [&](std::string_view ending) {
    const std::string closed = std::string(ending) + "\"";
    return contains_folded(json, closed);
  });
}

}  // namespace tripline::engine
