#include "tests/support/firehose_sender.h"

#include <algorithm>

#include "tests/support/deliveries.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::tests {

using connectors::net::HttpRequest;

WireAnswer on_the_wire(const connectors::net::HttpResponse& response) {
  WireAnswer answer{response.status, response.headers, response.body};
  answer.headers.emplace_back("content-type", response.content_type);
  answer.headers.emplace_back("content-length", std::to_string(response.body.size()));
  return answer;
}

std::vector<std::string> broken_rules(const WireAnswer& answer, std::string_view request_id, std::string& error) {
  std::vector<std::string> broken;
  const auto header = [&](std::string_view name) -> const std::string* {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return &value;
    }
    return nullptr;
  };
  const int hundreds = answer.status / 100;
  if (hundreds != 2 && hundreds != 4 && hundreds != 5) broken.push_back("the status is no 2xx, 4xx or 5xx");
  const std::string* type = header("content-type");
  if (!type || *type != "application/json") broken.push_back("Content-Type is not application/json");
  if (header("content-encoding")) broken.push_back("Content-Encoding is there");
  const std::string* length = header("content-length");
  if (!length || *length != std::to_string(answer.body.size())) broken.push_back("Content-Length is missing or wrong");
  if (answer.body.size() > std::size_t{1} << 20) broken.push_back("the body has more than 1 MiB");
  if (!is_json(answer.body) || parse_json(answer.body).type != Json::Type::kObject) {
    broken.push_back("the body is no JSON object");
    return broken;
  }
  bool id = false, timestamp = false;
  for (const auto& member : parse_json(answer.body).members) {
    const Json& value = member.value;
    if (member.key == "requestId") {
      id = value.type == Json::Type::kString && value.text == request_id;
    } else if (member.key == "timestamp") {
      // Milliseconds of this century: seconds would be too few digits, microseconds too many.
      timestamp = value.type == Json::Type::kNumber && value.text.size() == 13 &&
                  value.text.find_first_not_of("0123456789") == std::string::npos;
    } else if (member.key == "errorMessage") {
      error = value.text;
      if (value.type != Json::Type::kString || error.size() > 8192) broken.push_back("errorMessage is no short string");
    } else {
      broken.push_back("the body has `" + member.key + "`");
    }
  }
  if (!id) broken.push_back("requestId is missing, or not the request's");
  if (!timestamp) broken.push_back("timestamp is missing, or no number of milliseconds");
  return broken;
}

HttpRequest FirehoseSender::request(const std::vector<std::string>& records, const std::string& request_id,
                                    engine::EventTime now) const {
  HttpRequest request;
  request.head.method = "POST";
  request.head.target = options_.target;
  request.body =
      R"({"requestId":")" + request_id + R"(","timestamp":)" + std::to_string(now.time_since_epoch().count());
  request.body += R"(,"records":[)";
  for (const auto& record : records) {
    if (&record != &records.front()) request.body += ',';
    request.body += R"({"data":")" + base64(record) + R"("})";
  }
  request.body += "]}";
  if (options_.gzip) request.body = gzip(request.body);

  auto& headers = request.head.headers;
  headers = {{"host", options_.host},
             {"content-type", "application/json"},
             {"content-length", std::to_string(request.body.size())},
             {"x-amz-firehose-protocol-version", "1.0"},
             {"x-amz-firehose-request-id", request_id},
             {"x-amz-firehose-source-arn", "arn:aws:firehose:eu-west-1:123456789012:deliverystream/ct-to-engine"},
             {"user-agent", "Amazon Kinesis Data Firehose Agent/1.0"}};
  if (!options_.access_key.empty()) headers.emplace_back("x-amz-firehose-access-key", options_.access_key);
  if (!options_.common_attributes.empty()) {
    headers.emplace_back("x-amz-firehose-common-attributes", options_.common_attributes);
  }
  if (options_.gzip) headers.emplace_back("content-encoding", "gzip");
  return request;
}

FirehoseSender::Delivery FirehoseSender::deliver(const std::vector<std::string>& records, const std::string& request_id,
                                                 engine::EventTime now) {
  Delivery delivery;
  while (delivery.attempts < options_.attempts) {
    ++delivery.attempts;
    const auto answer = carry_(request(records, request_id, now + std::chrono::seconds{delivery.attempts}));
    if (!answer) continue;
    delivery.statuses.push_back(answer->status);
    const auto broken = broken_rules(*answer, request_id, delivery.error);
    delivery.violations.insert(delivery.violations.end(), broken.begin(), broken.end());
    if (!broken.empty()) continue;  // taken for a 500 without a body
    if (answer->status == 200) {
      delivery.end = Delivery::End::kAcknowledged;
      return delivery;
    }
    if (answer->status == 413) {
      delivery.end = Delivery::End::kLost;
      return delivery;
    }
  }
  return delivery;
}

}  // namespace tripline::tests
