#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/aws_error.h"
#include "connectors/net/http_message.h"
#include "engine/event_time.h"

namespace tripline::connectors::net {

/// What an Authorization header of Signature Version 4 says; nothing of it is verified.
struct AwsSignature {
  std::string key_id;
  std::string date;  // of the scope; all four parts as sent
  std::string region;
  std::string service;
  std::string terminator;
  std::vector<std::string> signed_headers;  // in lower case, sorted, each once
  std::string signature;
  std::string time;  // of the X-Amz-Date header: `20260115T101112Z`
  engine::EventTime at;

  std::string scope() const { return date + "/" + region + "/" + service + "/" + terminator; }
};

// The three steps of verifying, in their order; the first two need no body, and the secret is looked up by key_id in
// between. Signatures in the query string are not read. Pure functions; errors are those of AWS services with JSON 1.1.
// Source: AWS IAM User Guide, "Signature Version 4"; AWS API references, "Common errors".

/// MissingAuthenticationTokenException, IncompleteSignatureException.
AwsResult<AwsSignature> read_signature(const HttpHead& head);

/// Whether it is for `service`, for its own day, and made within `skew` of `now`. Any region will do.
std::optional<AwsError> check_scope(const AwsSignature& signature, std::string_view service, engine::EventTime now,
                                    std::chrono::minutes skew = std::chrono::minutes{5});

/// Whether the holder of `secret` signed exactly this request. `body`: as it was transmitted. Compares in constant
/// time.
std::optional<AwsError> check_signature(const AwsSignature& signature, const HttpHead& head, std::string_view body,
                                        std::string_view secret);

}  // namespace tripline::connectors::net
