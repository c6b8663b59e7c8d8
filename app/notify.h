#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tripline::app {

/// Tells the service manager how a server is: the protocol of systemd's sd_notify(3), a datagram a message. Without a
/// manager nothing is sent. A message that cannot be sent is none of the server's business, and so lost.
/// Threads: any.
class Notify {
 public:
  /// `socket`: a path, or `@` and an abstract name; empty: there is no manager. `watchdog`: how often at least it wants
  /// to hear of us; nothing: it does not care.
  explicit Notify(std::string socket, std::optional<std::chrono::microseconds> watchdog = std::nullopt)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  /// By NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of the environment.
  static Notify of_process();

  bool ready() const { return send("READY=1"); }
  /// A reload begins; ready() ends it.
  bool reloading() const;
  bool stopping() const { return send("STOPPING=1"); }
  /// To be called when the server is known to make progress, more often than watchdog(). Nothing without one.
  bool alive() const { return watchdog_ && send("WATCHDOG=1"); }
  /// One line for `systemctl status`.
  bool status(std::string_view line) const;

  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

 private:
  bool send(std::string_view message) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace tripline::app
