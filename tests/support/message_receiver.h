#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/scripted_server.h"

namespace tripline::tests {

/// Stands for whoever is told of signals: a server that takes each message once, by its key, and may be out of order.
class MessageReceiver {
 public:
  enum class Kind {
    kWebhook,
    kSns,  // requests that are not signed by the key below, with SigV4 for sns, are refused
  };
  static constexpr const char* kKeyId = "AKIDTRIPLINETEST0001";
  static constexpr const char* kSecret = "a-secret-for-tests-only-0002";

  struct Taken {
    std::string key;
    std::string type;    // `signal.opened`
    std::string signal;  // its id
    std::string rule;    // its id
    std::uint64_t revision = 0;
  };

  explicit MessageReceiver(Kind kind);

  std::string url() const { return server_->url(); }
  /// Until it is told otherwise it answers 503.
  void be_down(bool down);
  /// Once it has taken so many it takes others, too, and answers nothing.
  void fall_silent_after(std::size_t messages);

  /// Waits until it has taken so many, at most a minute; whether it has.
  bool wait_for(std::size_t messages);
  std::vector<Taken> taken() const;
  /// Messages that came again after they were taken, and requests that were refused for their signature.
  std::uint64_t repeated() const;
  std::uint64_t forged() const;
  std::vector<connectors::net::HttpRequest> requests() const { return server_->requests(); }

 private:
  ScriptedAnswer answer(const connectors::net::HttpRequest& request);
  void take(const std::string& message);

  const Kind kind_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool down_ = false;
  std::size_t silent_after_ = SIZE_MAX;
  std::vector<Taken> taken_;
  std::map<std::string, std::uint64_t> times_;  // by key
  std::uint64_t forged_ = 0;
  std::unique_ptr<ScriptedServer> server_;
};

/// Each message in the body of a request to SNS.
std::vector<std::string> sns_messages(const std::string& form);

}  // namespace tripline::tests
