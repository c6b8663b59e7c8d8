#include "tests/support/sink_kinds.h"

namespace tripline::tests {
namespace {

using alerts::Given;
using connectors::net::HttpRequest;

constexpr std::string_view kSecret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
constexpr std::string_view kRoutingKey = "0123456789abcdef0123456789abcdef";

std::string nothing(const HttpRequest&) { return ""; }

/// Each Id that the body holds behind `before`, up to `end`.
std::vector<std::string> ids_in(const std::string& body, std::string_view before, char end) {
  std::vector<std::string> ids;
  for (auto at = body.find(before); at != std::string::npos; at = body.find(before, at + 1)) {
    const std::size_t from = at + before.size();
    ids.push_back(body.substr(from, body.find(end, from) - from));
  }
  return ids;
}

std::string sns_accepts(const HttpRequest& request) {
  std::string members;
  for (const auto& id : ids_in(request.body, ".Id=", '&')) members += "<member><Id>" + id + "</Id></member>";
  return "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult><Successful>" + members +
         "</Successful></PublishResponse>";
}

std::string sqs_accepts(const HttpRequest& request) {
  std::string list;
  for (const auto& id : ids_in(request.body, R"("Id":")", '"'))
    list += (list.empty() ? "" : ",") + (R"({"Id":")" + id + R"("})");
  return R"({"Successful":[)" + list + "]}";
}

}  // namespace

const std::vector<KitKind>& kit_kinds() {
  static const std::vector<KitKind> all = {
      {"webhook",
       [](const std::string& url) {
         return Given{{"url", url + "/hook-token-777?sig=query-token-888"},
                      {"signing_secrets", std::string(kSecret)},
                      {"headers.Authorization", "Bearer header-token-999"}};
       },
       {"hook-token-777", "query-token-888", std::string(kSecret), "header-token-999"},
       &nothing},
      {"sns",
       [](const std::string& url) {
         return Given{{"topic_arn", "arn:aws:sns:us-east-1:123456789012:alerts.fifo"}, {"endpoint", url}};
       },
       {"aws-secret-111", "aws-token-222"},
       &sns_accepts},
      {"sqs",
       [](const std::string& url) {
         return Given{{"queue_url", url + "/123456789012/alerts.fifo"}, {"region", "us-east-1"}};
       },
       {"aws-secret-111", "aws-token-222"},
       &sqs_accepts},
      {"slack",
       [](const std::string& url) {
         return Given{{"url", url + "/services/T1/B2/slack-token-333"}};
       },
       {"slack-token-333"},
       [](const HttpRequest&) { return std::string("ok"); }},
      {"teams",
       [](const std::string& url) {
         return Given{{"url", url + "/workflows/1?sig=teams-token-444"}};
       },
       {"teams-token-444"},
       &nothing},
      {"pagerduty",
       [](const std::string& url) {
         return Given{{"url", url + "/v2/enqueue"}, {"routing_key", std::string(kRoutingKey)}};
       },
       {std::string(kRoutingKey)},
       [](const HttpRequest&) { return std::string(R"({"status":"success","message":"Event processed"})"); }},
      {"alertmanager",
       [](const std::string& url) {
         return Given{{"url", url}, {"user", "us"}, {"password", "am-password-555"}};
       },
       {"am-password-555", "dXM6YW0tcGFzc3dvcmQtNTU1"},
       &nothing},
      {"elasticsearch",
       [](const std::string& url) {
         return Given{{"url", url}, {"api_key", "es-key-666=="}};
       },
       {"es-key-666=="},
       [](const HttpRequest&) { return std::string(R"({"errors":false})"); }},
  };
  return all;
}

}  // namespace tripline::tests
