#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tripline::alerts {

// Source: Standard Webhooks 1.0.0, "Signature scheme", the symmetric one.

/// The key of `whsec_...`, or of its base64 alone. Nothing: it is not base64 of 24 to 64 bytes.
std::optional<std::string> webhook_key(std::string_view secret);

/// `v1,<base64>` over `<id>.<seconds>.<body>`. Requires webhook_key(secret).
std::string webhook_signature(std::string_view secret, std::string_view id, std::string_view seconds,
                              std::string_view body);

}  // namespace tripline::alerts
