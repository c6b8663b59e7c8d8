#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "connectors/net/tls.h"

namespace tripline::connectors::net {

/// The bytes to and from one peer, plain or over TLS, under a deadline: what waits when it passes ends with kLate.
///
/// Threads: everything but cut() and wake() happens on the socket's executor, which runs one thing at a time (a
/// strand). The coroutines are awaited at once, one at a time, by somebody who holds the wire.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  using Clock = std::chrono::steady_clock;
  enum class End {
    kDone,
    kGone,  // the peer closed or broke the connection
    kLate,  // the deadline passed
    kCut,   // cut() was called
  };

  /// Without `tls` it is plain.
  Wire(boost::asio::ip::tcp::socket socket, const TlsContext& tls);
  ~Wire();

  bool is_tls() const { return tls_ != nullptr; }
  boost::asio::any_io_executor executor() { return socket_.get_executor(); }

  /// Holds until the next call.
  void set_deadline(Clock::time_point deadline);

  /// Before anything else over TLS.
  boost::asio::awaitable<End> shake_hands();

  /// What was read and not yet used.
  std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void use(std::size_t size) { begin_ += size; }
  /// Waits for more. Requires that all is used.
  boost::asio::awaitable<End> read();
  /// How much is read at once. Nothing happens while something is unread.
  void resize_buffer(std::size_t size);

  /// Writes both, one behind the other; adds to `written` what went out in any case.
  boost::asio::awaitable<End> write(std::string head, std::string body, std::size_t& written);

  /// Says that nothing more comes, and throws away what the peer still sends until it closes or the deadline passes:
  /// closing at once would reset the connection, and what was written last might be lost (RFC 9112, 9.6).
  boost::asio::awaitable<void> linger();

  /// Waits for a call of wake(), which may have come before; it may also wake for nothing.
  boost::asio::awaitable<End> wait();
  void wake();

  /// Closes the connection soon and ends whatever waits, now and later.
  void cut();

  /// Gives up what the system still holds for the peer, when the wire closes.
  void forget_unsent();
  void close();

 private:
  struct Tls;

  void wait_for_deadline();
  void interrupt();
  End outcome(const boost::system::error_code& error) const;

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<Tls> tls_;
  boost::asio::steady_timer timer_;  // goes off at deadline_, or before and looks again
  boost::asio::steady_timer word_;   // never goes off; cancelled by wake()
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool watched_ = false;  // timer_ is waited for
  bool late_ = false;
  bool cut_ = false;
  bool closed_ = false;
  bool woken_ = false;
};

}  // namespace tripline::connectors::net
