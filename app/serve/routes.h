#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "connectors/net/http_message.h"
#include "connectors/net/key_ring.h"

namespace tripline::app {

/// Who may call a route. What is for reading is for admins, too.
enum class Access { kOpen, kRead, kAdmin };

/// One thing that the server answers, beside the ways in.
struct Route {
  std::string method;
  std::string path;  // `/api/v1/signals/*`: the star is one segment, which is not empty
  Access access = Access::kOpen;
  /// `parts`: what the stars stood for, percent-decoded.
  std::function<connectors::net::HttpResponse(const connectors::net::HttpRequest&,
                                              const std::vector<std::string>& parts)>
      answer;
};

/// {"error": "..."}, as every failed call of ours is answered.
connectors::net::HttpResponse error_response(int status, std::string_view message);

/// Finds and answers routes, on a thread of its own and one at a time, so that a long answer holds up no delivery. At
/// most kMostWaiting calls wait; further ones are answered 503.
/// Threads: any.
class Routes {
 public:
  struct Tokens {
    std::vector<std::string> read{};
    std::vector<std::string> admin{};
    bool open_without = false;  // where no token is set, everybody may do everything
  };
  static constexpr std::size_t kMostWaiting = 64;

  Routes(std::vector<Route> routes, const Tokens& tokens);
  ~Routes();
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  void change_tokens(const Tokens& tokens);
  connectors::net::Admission admit(const connectors::net::HttpHead& head) const;
  void handle(connectors::net::HttpRequest request, connectors::net::Reply reply);

  std::uint64_t refused() const;  // because too many waited

 private:
  struct Keys {
    connectors::net::KeyRing read, admin;
    bool open;
  };
  struct Call {
    const Route* route;
    std::vector<std::string> parts;
    connectors::net::HttpRequest request;
    connectors::net::Reply reply;
  };
  void run();
  bool may(const connectors::net::HttpHead& head, Access access) const;

  const std::vector<Route> routes_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Keys keys_;
  std::deque<Call> calls_;
  std::uint64_t refused_ = 0;
  bool ended_ = false;
  std::jthread thread_;
};

/// What stands in a path for the stars of a pattern; nothing: it does not fit.
std::optional<std::vector<std::string>> fit_path(std::string_view pattern, std::string_view path);

}  // namespace tripline::app
