#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "connectors/net/http_message.h"

namespace tripline::connectors::net {

/// Where a Reply and the connection that waits for it meet. Either may be gone long before the other.
/// Threads: any.
class PendingReply {
 public:
  enum class State { kWaiting, kAnswered, kDropped };

  /// `wake` is called once, from whatever thread the answer or its loss comes, unless close() was called before. It is
  /// called under a lock and must only leave word.
  explicit PendingReply(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// What a service answers with, now or later. Its first call counts. When its last copy dies uncalled, the reply is
  /// dropped.
  static Reply reply_to(std::shared_ptr<PendingReply> pending);

  State state() const;
  /// The connection waits no more: what comes later goes nowhere. Returns the answer if there is one.
  std::optional<HttpResponse> close();
  /// No answer comes, unless there is one.
  void drop() { settle(State::kDropped, std::nullopt); }

 private:
  void settle(State state, std::optional<HttpResponse> answer);

  mutable std::mutex mutex_;
  State state_ = State::kWaiting;
  std::optional<HttpResponse> answer_;
  std::function<void()> wake_;
};

}  // namespace tripline::connectors::net
