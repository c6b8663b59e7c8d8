#include "app/firehose_batch.h"

#include <utility>

#include "engine/base64.h"

namespace tripline::app {

bool FirehoseBatch::add(std::string_view event) {
  constexpr std::string_view kBefore = R"({"data":")";
  constexpr std::string_view kBehind = R"("},)";
  const std::size_t encoded = (event.size() + 1 + 2) / 3 * 4;
  const std::size_t size = kBefore.size() + encoded + kBehind.size();
  if (records_ > 0 && (records_ == limits_.max_records || records_text_.size() + size > limits_.max_bytes))
    return false;

  std::string line(event);
  line += '\n';
  records_text_.append(kBefore).append(engine::base64_encode(line)).append(kBehind);
  ++records_;
  event_bytes_ += event.size();
  return true;
}

std::string FirehoseBatch::take(const std::string& request_id, std::int64_t timestamp) {
  std::string body = R"({"requestId":")" + request_id + R"(","timestamp":)" + std::to_string(timestamp);
  body += R"(,"records":[)";
  if (records_ > 0) records_text_.pop_back();
  body.append(records_text_).append("]}");
  records_text_.clear();
  records_ = 0;
  event_bytes_ = 0;
  return body;
}

}  // namespace tripline::app
