#include "engine/secrets.h"

#include <algorithm>
#include <iterator>

#include "engine/text.h"

namespace tripline::engine {
namespace {

/// Ends of key names, folded: `masterUserPassword`, `newPassword` and `X-Amz-Security-Token` are meant too.
constexpr std::string_view kSecretEndings[] = {
    "password",           "passphrase",   "secretaccesskey", "sessiontoken",  "security-token",
    "securitytoken",      "secretstring", "secretbinary",    "privatekey",    "private_key",
    "authorizationtoken", "accesstoken",  "refreshtoken",    "idtoken",       "identitytoken",
    "authtoken",          "signintoken",  "clientsecret",    "samlassertion",
};

}  // namespace

bool is_secret(std::string_view path) {
  return std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings),
                     [&](std::string_view ending) { return ends_with_folded(path, ending); });
}

bool holds_secret(std::string_view json) {
  // A key ends in a quote: a bare one, one that is escaped as JSON in a string has it, or a percent-encoded one. In the
  // query of a URL it ends in an equals sign.
  const auto ends_key = [](std::string_view rest) {
    return rest.starts_with('"') || rest.starts_with('\\') || rest.starts_with("%22") || rest.starts_with('=') ||
           rest.starts_with("%3D") || rest.starts_with("%3d");
  };
  return std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings), [&](std::string_view ending) {
    for (std::size_t at = 0; (at = find_folded(json, ending, at)) != std::string_view::npos; at += ending.size()) {
      if (ends_key(json.substr(at + ending.size()))) return true;
    }
    return false;
  });
}

std::span<const std::string_view> secret_endings() { return kSecretEndings; }

}  // namespace tripline::engine
