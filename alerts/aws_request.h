#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/request.h"
#include "connectors/net/sigv4.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// A POST to an AWS service, signed. `url`: http or https, of the service or of something that stands in for it; its
/// Host is signed as it is sent. `headers` beside those that signing adds, in lower case.
Request aws_request(const std::string& url, std::vector<HttpHeader> headers, std::string body,
                    const connectors::net::AwsCredentials& credentials, const connectors::net::SigningScope& scope,
                    engine::EventTime now);

/// A form: names and values percent-encoded, in order. Blanks are `%20`.
std::string form(const std::vector<std::pair<std::string, std::string>>& fields);

/// `https://sns.eu-west-1.amazonaws.com`, with the domain of the region's partition.
std::string aws_endpoint(std::string_view service, std::string_view region);

/// What SNS and SQS take: XML 1.0 has neither U+FFFE nor U+FFFF, nor control characters but tab and line feeds. In JSON
/// text such a character becomes its escape, elsewhere U+FFFD.
std::string for_xml(std::string text, bool json);

}  // namespace tripline::alerts
