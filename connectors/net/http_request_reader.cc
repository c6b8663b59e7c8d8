#include "connectors/net/http_request_reader.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace tripline::connectors::net {

std::size_t HttpRequestReader::feed(std::string_view bytes) {
  if (state_ == State::kHead) return feed_head(bytes);
  if (state_ != State::kBody) return 0;
  const std::size_t taken = body_->feed(bytes);
  look_at_body();
  return taken;
}

std::size_t HttpRequestReader::feed_head(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::kHead) {
    const auto rest = bytes.substr(taken);
    const auto feed = rest.find('\n');
    const auto piece = rest.substr(0, feed == std::string_view::npos ? feed : feed + 1);
    // What begins like no method is not worth waiting for: a TLS handshake on a plain port, above all.
    if (lines_.empty() && piece.front() != '\r' && !is_token(piece.substr(0, 1))) {
      refuse(HttpRefusal(HttpEnd::kBadRequest));
      break;
    }
    const std::size_t size = lines_.size() + piece.size();
    if (line_begin_ == 0 && size > limits_.max_request_line_bytes + 2) {
      refuse(HttpRefusal(HttpEnd::kRequestLineTooLong));
      break;
    }
    if (size > limits_.max_head_bytes) {
      refuse(HttpRefusal(HttpEnd::kHeadTooLarge));
      break;
    }
    lines_.append(piece);
    taken += piece.size();
    if (feed != std::string_view::npos) end_of_line();
  }
  return taken;
}

void HttpRequestReader::end_of_line() {
  const auto line = std::string_view(lines_).substr(line_begin_);
  if (line.size() < 2 || line[line.size() - 2] != '\r') {
    return refuse(HttpRefusal(HttpEnd::kBadFraming, "each line ends with CRLF"));
  }
  if (line.size() > 2) {
    line_begin_ = lines_.size();
    if (++line_count_ > limits_.max_headers + 1) refuse(HttpRefusal(HttpEnd::kHeadTooLarge));
    return;
  }
  if (line_begin_ > 0) return end_of_head();
  // Some clients send one more line end behind a body (RFC 9112, 2.2).
  if (std::exchange(empty_line_, true))
    return refuse(HttpRefusal(HttpEnd::kBadRequest, "empty lines before a request"));
  lines_.clear();
}

void HttpRequestReader::end_of_head() {
  auto parsed = parse_request_head(lines_, limits_);
  lines_ = {};
  if (const auto* refused = std::get_if<HttpRefusal>(&parsed)) return refuse(*refused);
  request_ = std::move(std::get<RequestHead>(parsed));
  request_.head.peer = std::move(peer_);
  request_.head.tls = tls_;
  state_ = State::kAdmission;
}

void HttpRequestReader::admit(Admission admission) {
  admission_ = std::move(admission);
  body_.emplace(request_, admission_, limits_);
  state_ = State::kBody;
  look_at_body();
}

void HttpRequestReader::look_at_body() {
  if (body_->refused()) {
    refuse(*body_->refused());
  } else if (body_->whole()) {
    state_ = State::kWhole;
  }
}

void HttpRequestReader::refuse(HttpRefusal refusal) {
  refusal_ = refusal;
  state_ = State::kRefused;
  body_.reset();
}

HttpRequest HttpRequestReader::take() {
  HttpRequest request{std::move(request_.head), body_->take()};
  body_.reset();
  return request;
}

HttpResponse HttpRequestReader::refusal_answer() const {
  auto answer = admission_.refuse ? admission_.refuse(refusal_.status(), refusal_.why) : plain_refusal(refusal_);
  if (refusal_.end == HttpEnd::kUnknownEncoding) answer.headers.emplace_back("accept-encoding", "gzip");
  return answer;
}

HttpResponse plain_refusal(const HttpRefusal& refusal) {
  return {.status = refusal.status(), .body = R"({"message":")" + std::string(refusal.why) + "\"}"};
}

}  // namespace tripline::connectors::net
