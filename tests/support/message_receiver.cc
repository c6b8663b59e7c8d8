#include "tests/support/message_receiver.h"

#include <chrono>
#include <cstdint>
#include <stdexcept>

#include <simdjson.h>

#include "connectors/net/sigv4_verify.h"

namespace tripline::tests {

using connectors::net::HttpRequest;

namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_signed(const HttpRequest& request) {
  const auto signature = connectors::net::read_signature(request.head);
  if (!signature || signature->key_id != MessageReceiver::kKeyId) return false;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return !connectors::net::check_scope(*signature, "sns", now) &&
         !connectors::net::check_signature(*signature, request.head, request.body, MessageReceiver::kSecret);
}

/// As SNS answers Publish and PublishBatch when it takes all.
std::string sns_answer(const std::string& form) {
  std::string members;
  constexpr std::string_view kId = ".Id=";
  for (auto at = form.find(kId); at != std::string::npos; at = form.find(kId, at + 1)) {
    const std::size_t from = at + kId.size();
    members += "<member><Id>" + form.substr(from, form.find('&', from) - from) + "</Id></member>";
  }
  return "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult><Successful>" + members +
         "</Successful></PublishResponse>";
}

}  // namespace

std::vector<std::string> sns_messages(const std::string& form) {
  std::vector<std::string> messages;
  for (std::size_t from = 0; from < form.size();) {
    const std::size_t end = std::min(form.find('&', from), form.size());
    const std::size_t equals = form.find('=', from);
    const std::string name = form.substr(from, equals - from);
    if (name == "Message" || name.ends_with(".Message")) {
      messages.push_back(decoded(std::string_view(form).substr(equals + 1, end - equals - 1)));
    }
    from = end + 1;
  }
  return messages;
}

MessageReceiver::MessageReceiver(Kind kind) : kind_(kind) {
  server_ = std::make_unique<ScriptedServer>([this](const HttpRequest& request) { return answer(request); });
}

void MessageReceiver::be_down(bool down) {
  const std::lock_guard lock(mutex_);
  down_ = down;
}

void MessageReceiver::fall_silent_after(std::size_t messages) {
  const std::lock_guard lock(mutex_);
  silent_after_ = messages;
}

ScriptedAnswer MessageReceiver::answer(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  if (down_) return {.status = 503, .body = "not now"};
  const auto end = taken_.size() >= silent_after_ ? ScriptedAnswer::End::kSilent : ScriptedAnswer::End::kWhole;
  if (kind_ == Kind::kWebhook) {
    take(request.body);
    return {.end = end};
  }
  if (!is_signed(request)) {
    ++forged_;
    return {.status = 403, .body = "<Error><Code>SignatureDoesNotMatch</Code></Error>"};
  }
  for (const std::string& message : sns_messages(request.body)) take(message);
  return {.body = sns_answer(request.body), .end = end};
}

/// Requires the lock.
void MessageReceiver::take(const std::string& message) {
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(message).get(json) != simdjson::SUCCESS) throw std::runtime_error("no JSON: " + message);
  const auto text = [&](const char* pointer) {
    std::string_view value;
    return json.at_pointer(pointer).get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
  };
  Taken one{.key = text("/key"), .type = text("/type"), .signal = text("/data/id"), .rule = text("/data/rule/id")};
  if (json.at_pointer("/revision").get(one.revision) != simdjson::SUCCESS) one.revision = 0;
  if (times_[one.key]++ == 0) taken_.push_back(std::move(one));
  changed_.notify_all();
}

bool MessageReceiver::wait_for(std::size_t messages) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return taken_.size() >= messages; });
}

std::vector<MessageReceiver::Taken> MessageReceiver::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

std::uint64_t MessageReceiver::repeated() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t repeated = 0;
  for (const auto& [key, times] : times_) repeated += times - 1;
  return repeated;
}

std::uint64_t MessageReceiver::forged() const {
  const std::lock_guard lock(mutex_);
  return forged_;
}

}  // namespace tripline::tests
