#include "connectors/net/wire.h"

#include <array>
#include <new>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

namespace tripline::connectors::net {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kFirstBuffer = std::size_t{16} << 10;
constexpr std::chrono::milliseconds kInterruptAgain{50};

}  // namespace

struct Wire::Tls {
  Tls(tcp::socket& socket, const TlsContext& context) : stream(socket, made_of(context)) {}

  static SSL* made_of(const TlsContext& context) {
    SSL* const made = SSL_new(context.get());
    if (made == nullptr) throw std::bad_alloc();
    return made;
  }

  asio::ssl::stream<tcp::socket&> stream;
};

Wire::Wire(tcp::socket socket, const TlsContext& tls)
    : socket_(std::move(socket)),
      tls_(tls ? std::make_unique<Tls>(socket_, tls) : nullptr),
      timer_(socket_.get_executor()),
      word_(socket_.get_executor()),
      buffer_(kFirstBuffer) {}

Wire::~Wire() = default;

Wire::End Wire::outcome(const error_code& error) const {
  if (cut_) return End::kCut;
  if (late_) return End::kLate;
  return error ? End::kGone : End::kDone;
}

asio::awaitable<Wire::End> Wire::shake_hands() {
  error_code error;
  co_await tls_->stream.async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
  co_return outcome(error);
}

asio::awaitable<Wire::End> Wire::read() {
  begin_ = end_ = 0;
  const auto room = asio::buffer(buffer_);
  error_code error;
  if (tls_) {
    end_ = co_await tls_->stream.async_read_some(room, redirect_error(use_awaitable, error));
  } else {
    end_ = co_await socket_.async_read_some(room, redirect_error(use_awaitable, error));
  }
  co_return outcome(error);
}

asio::awaitable<Wire::End> Wire::write(std::string head, std::string body, std::size_t& written) {
  error_code error;
  if (tls_) {
    head.append(body);  // TLS is given one buffer at a time, and would make two records of a short answer
    const auto bytes = asio::buffer(head);
    written += co_await asio::async_write(tls_->stream, bytes, redirect_error(use_awaitable, error));
  } else {
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(head), asio::buffer(body)};
    written += co_await asio::async_write(socket_, bytes, redirect_error(use_awaitable, error));
  }
  co_return outcome(error);
}

asio::awaitable<void> Wire::linger() {
  error_code error;
  if (tls_) co_await tls_->stream.async_shutdown(redirect_error(use_awaitable, error));
  error.clear();
  socket_.shutdown(tcp::socket::shutdown_send, error);
  while (outcome(error) == End::kDone) {
    const auto room = asio::buffer(buffer_);
    co_await socket_.async_read_some(room, redirect_error(use_awaitable, error));
  }
}

asio::awaitable<Wire::End> Wire::wait() {
  if (!woken_ && outcome({}) == End::kDone) {
    word_.expires_at(Clock::time_point::max());
    error_code cancelled;
    co_await word_.async_wait(redirect_error(use_awaitable, cancelled));
  }
  woken_ = false;
  co_return outcome({});
}

void Wire::wake() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->woken_ = true;
    self->word_.cancel();
  });
}

void Wire::cut() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->cut_ = true;
    self->close();
  });
}

void Wire::resize_buffer(std::size_t size) {
  if (buffer_.size() != size && begin_ == end_) buffer_ = std::vector<char>(size);
}

void Wire::set_deadline(Clock::time_point deadline) {
  deadline_ = deadline;
  late_ = false;
  if (!watched_) return wait_for_deadline();
  if (deadline < timer_.expiry()) timer_.cancel();  // and wait anew; a later one is seen when the timer goes off
}

void Wire::wait_for_deadline() {
  watched_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](error_code) {
    self->watched_ = false;
    if (self->closed_) return;
    if (Clock::now() >= self->deadline_) {
      self->late_ = true;
      self->interrupt();
      // Nothing may have been there to cancel: the coroutine stood between one part of what it does and the next.
      self->deadline_ = Clock::now() + kInterruptAgain;
    }
    try {
      self->wait_for_deadline();
    } catch (...) {  // nobody would watch over it any more
      self->close();
    }
  });
}

void Wire::interrupt() {
  error_code ignored;
  socket_.cancel(ignored);
  word_.cancel();
}

void Wire::forget_unsent() {
  error_code ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
}

void Wire::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
  word_.cancel();
  timer_.cancel();
}

}  // namespace tripline::connectors::net
