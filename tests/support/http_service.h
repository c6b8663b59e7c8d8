#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "connectors/net/http_message.h"

namespace tripline::tests {

/// A service for tests: says back what it was sent, as one line, and keeps requests to `/wait` until the test answers.
class EchoService {
 public:
  connectors::net::Admission admission{};  // for every request but those to /refused, set before the server starts

  connectors::net::HttpService service() {
    return {.admit = [this](const connectors::net::HttpHead& head) { return admit(head); },
            .handle = [this](connectors::net::HttpRequest request,
                             connectors::net::Reply reply) { handle(std::move(request), std::move(reply)); }};
  }

  /// Waits for the next request to `/wait` and hands its reply over.
  connectors::net::Reply waiting() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !waiting_.empty(); });
    auto reply = std::move(waiting_.front());
    waiting_.pop_front();
    return reply;
  }

  /// The requests that were handled, in the order in which they came.
  std::vector<connectors::net::HttpRequest> handled() {
    const std::lock_guard lock(mutex_);
    return handled_;
  }

 private:
  connectors::net::Admission admit(const connectors::net::HttpHead& head) const {
    if (head.path() == "/throws-early") throw 1;
    auto said = admission;
    if (head.path() == "/refused") said.refusal = connectors::net::HttpResponse{.status = 401, .body = "no"};
    return said;
  }

  void handle(connectors::net::HttpRequest request, connectors::net::Reply reply) {
    const std::string path(request.head.path());
    std::string said = request.head.method + " " + request.head.target + " " + request.body;
    {
      const std::lock_guard lock(mutex_);
      handled_.push_back(std::move(request));
      if (path == "/wait") {
        waiting_.push_back(std::move(reply));
        came_.notify_all();
        return;
      }
    }
    if (path == "/throws") throw 1;
    if (path == "/drops") return;
    if (path == "/none") return reply({.status = 204});
    if (path == "/splits") return reply({.headers = {{"x-said", "a\r\nx-evil: b"}}});
    if (path == "/large") return reply({.body = std::string(std::size_t{16} << 20, 'a')});
    reply({.body = std::move(said), .content_type = "text/plain"});
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<connectors::net::Reply> waiting_;
  std::vector<connectors::net::HttpRequest> handled_;
};

}  // namespace tripline::tests
