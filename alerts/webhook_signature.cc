#include "alerts/webhook_signature.h"

#include "connectors/net/sha256.h"
#include "engine/base64.h"

namespace tripline::alerts {

std::optional<std::string> webhook_key(std::string_view secret) {
  constexpr std::string_view kPrefix = "whsec_";
  if (secret.starts_with(kPrefix)) secret.remove_prefix(kPrefix.size());
  std::string key(engine::base64_room(secret.size()), '\0');
  const auto size = engine::base64_decode(secret, key.data());
  if (!size || *size < 24 || *size > 64) return std::nullopt;
  key.resize(*size);
  return key;
}

std::string webhook_signature(std::string_view secret, std::string_view id, std::string_view seconds,
                              std::string_view body) {
  std::string text(id);
  text.append(".").append(seconds).append(".").append(body);
  const auto hash = connectors::net::hmac_sha256(webhook_key(secret).value_or(""), text);
  return "v1," + engine::base64_encode(connectors::net::bytes_of(hash));
}

}  // namespace tripline::alerts
