#include "connectors/net/firehose_answer.h"

#include <algorithm>

#include "engine/json_text.h"

namespace tripline::connectors::net {
namespace {

constexpr std::size_t kMostErrorBytes = 8192;
constexpr std::size_t kMostIdBytes = 256;

}  // namespace

HttpResponse firehose_answer(int status, std::string_view request_id, engine::EventTime now, std::string_view error) {
  engine::JsonText json;
  json.begin_object().member("requestId", request_id);
  json.raw_member("timestamp", std::to_string(now.time_since_epoch().count()));
  json.optional_member("errorMessage", error.substr(0, kMostErrorBytes)).end_object();
  HttpResponse answer;
  answer.status = status;
  answer.body = json.take();
  return answer;
}

bool is_request_id(std::string_view id) {
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  return !id.empty() && id.size() <= kMostIdBytes && std::all_of(id.begin(), id.end(), visible);
}

}  // namespace tripline::connectors::net
