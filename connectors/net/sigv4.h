#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/http_message.h"
#include "connectors/net/sha256.h"
#include "engine/event_time.h"

namespace tripline::connectors::net {

// AWS Signature Version 4 in headers: how a request is put into its canonical form and signed. sigv4_verify.h is the
// other side. All are pure functions.
// Source: AWS IAM User Guide, "Create a signed AWS API request"; aws-sig-v4-test-suite.

/// Whose signature it is. All secret but key_id.
struct AwsCredentials {
  std::string key_id;
  std::string secret;
  std::string session_token;  // of temporary credentials; empty: there is none
};

/// What a signature is good for, beside its day.
struct SigningScope {
  std::string region;
  std::string service;  // `sns`, `sqs`, `s3`, `firehose`, ...
};

/// S3 wants the path as it is sent; all other services want it normalised and encoded once more.
enum class PathForm { kNormalised, kAsSent };

/// The six parts, joined. Of the head only the headers of `signed_headers` count, which are in lower case and sorted.
/// `payload_hash`: 64 hexadecimal digits, or what stands in their place.
std::string canonical_request(const HttpHead& head, const std::vector<std::string>& signed_headers,
                              std::string_view payload_hash, PathForm form);

/// `scope`: `20260115/us-east-1/sns/aws4_request`; `time`: `20260115T101112Z`.
std::string string_to_sign(std::string_view time, std::string_view scope, std::string_view canonical_request);

/// `date`: `20260115`.
Sha256 signing_key(std::string_view secret, std::string_view date, std::string_view region, std::string_view service);

/// What has to be sent beside the head's headers for the request to be signed: x-amz-date, authorization, for temporary
/// credentials x-amz-security-token, and for S3 x-amz-content-sha256. All headers of the head are signed, but for those
/// that proxies change; `host` must be one of them, exactly as it is sent.
std::vector<HttpHeader> sign(const HttpHead& head, std::string_view body, const AwsCredentials& credentials,
                             const SigningScope& scope, engine::EventTime now);

/// `20260115T101112Z`
std::string amz_date(engine::EventTime time);

}  // namespace tripline::connectors::net
