#include "alerts/aws_request.h"

#include "alerts/url.h"
#include "engine/arn.h"

namespace tripline::alerts {

using connectors::net::HttpHead;

Request aws_request(const std::string& url, std::vector<HttpHeader> headers, std::string body,
                    const connectors::net::AwsCredentials& credentials, const connectors::net::SigningScope& scope,
                    engine::EventTime now) {
  const Url parsed = parse_url(url).value_or(Url{});
  HttpHead head{.method = "POST", .target = parsed.target, .headers = std::move(headers), .peer = {}};
  head.headers.emplace_back("host", parsed.authority());
  Request request{.method = head.method, .url = url, .headers = head.headers, .body = std::move(body)};
  for (auto& header : connectors::net::sign(head, request.body, credentials, scope, now)) {
    request.headers.push_back(std::move(header));
  }
  return request;
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text.append(text.empty() ? "" : "&").append(percent_encoded(name)).append("=").append(percent_encoded(value));
  }
  return text;
}

std::string aws_endpoint(std::string_view service, std::string_view region) {
  std::string url = "https://";
  url.append(service).append(".").append(region).append(".amazonaws.com");
  return engine::partition_of_region(region) == "aws-cn" ? url + ".cn" : url;
}

std::string for_xml(std::string text, bool json) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view rest = std::string_view(text).substr(i, 3);
    if (rest == "\xef\xbf\xbe" || rest == "\xef\xbf\xbf") {
      out += json ? (rest[2] == '\xbe' ? "\\ufffe" : "\\uffff") : "\xef\xbf\xbd";
      i += 2;
    } else if (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r') {
      out += "\xef\xbf\xbd";  // JSON has none: it escapes them
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace tripline::alerts
