#pragma once

#include <string>
#include <string_view>

#include "connectors/net/aws_error.h"
#include "connectors/net/http_message.h"

namespace tripline::connectors::net {

/// How the caller writes, which is how it reads too.
enum class AwsFormat { kJson, kCbor };

/// By Content-Type: application/x-amz-cbor-1.1 is CBOR.
AwsFormat format_of(const HttpHead& head);

/// The answer of an AWS service with JSON 1.1. `id`: of this request, for people to quote.
HttpResponse aws_answer(std::string json, std::string_view id);

/// The same of what was refused, in the caller's format.
/// Source: AWS JSON 1.1 protocol (Smithy), "Operation error serialization"; RFC 8949, 3 for CBOR.
HttpResponse aws_refusal(const AwsError& error, std::string_view id, AwsFormat format);

}  // namespace tripline::connectors::net
