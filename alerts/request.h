#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/net/http_message.h"

namespace tripline::alerts {

using connectors::net::HttpHeader;

/// What is sent to a receiver. URL, headers and body may hold secrets.
struct Request {
  std::string method = "POST";
  std::string url;
  std::vector<HttpHeader> headers{};  // names in lower case; Host and Content-Length are the client's
  std::string body{};
};

/// What a receiver answered. Its text is somebody else's: shown at most in part, and with the sink's secrets taken out.
struct Response {
  int status = 0;
  std::vector<HttpHeader> headers{};  // names in lower case, in order
  std::string body{};
  bool cut = false;  // the body went on beyond the client's cap

  const std::string* find(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

/// What became of a message at a receiver.
struct Verdict {
  enum class Kind { kDelivered, kRetry, kGiveUp };
  Kind kind = Kind::kDelivered;
  std::optional<std::chrono::seconds> after{};  // of kRetry: how long the receiver wants to be left alone
  /// The fault is not the message's: the receiver would take no other one either (wrong key, a channel that is gone,
  /// nobody at home). Of kGiveUp: somebody must mend the configuration, and sending others meanwhile is in vain.
  bool of_sink = false;
  std::string why{};  // not of kDelivered: one line without secrets

  /// The receiver takes others, and not this one.
  bool refuses_message() const { return kind == Kind::kGiveUp && !of_sink; }

  static Verdict delivered() { return {}; }
  static Verdict retry(std::string why, std::optional<std::chrono::seconds> after = {}, bool of_sink = false) {
    return {Kind::kRetry, after, of_sink, std::move(why)};
  }
  static Verdict give_up(std::string why, bool of_sink = false) {
    return {Kind::kGiveUp, std::nullopt, of_sink, std::move(why)};
  }
};

}  // namespace tripline::alerts
