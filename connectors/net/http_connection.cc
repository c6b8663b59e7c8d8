#include "connectors/net/http_connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include "connectors/net/http_answer.h"
#include "connectors/net/http_request_reader.h"
#include "connectors/net/pending_reply.h"

namespace tripline::connectors::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

/// What one reading takes: of heads, and of larger bodies while they come.
constexpr std::size_t kHeadBuffer = std::size_t{16} << 10;
constexpr std::size_t kBodyBuffer = std::size_t{128} << 10;

constexpr std::chrono::milliseconds kInterruptAgain{50};

/// How long so many bytes may take to go over the wire.
Clock::duration time_for(std::size_t bytes, const HttpLimits& limits) {
  const auto rate = std::max<std::size_t>(limits.min_bytes_per_second, 1);
  return limits.stall_time + std::chrono::milliseconds(bytes / rate * 1000 + bytes % rate * 1000 / rate);
}

/// One connection. Its coroutine runs on the socket's strand, and so does everything that interrupts it: what other
/// threads want of it is posted there.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, TlsContext tls, ConnectionTable::Id id, std::string peer, const ConnectionShare& share)
      : socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        answered_(socket_.get_executor()),
        context_(std::move(tls)),
        id_(id),
        peer_(std::move(peer)),
        share_(share) {
    if (context_) tls_.emplace(socket_, SSL_new(context_.get()));
  }

  void start();

 private:
  enum class Waiting { kNothing, kRequest };

  asio::awaitable<void> run();
  asio::awaitable<bool> shake_hands();
  asio::awaitable<bool> serve_request();
  asio::awaitable<bool> receive(HttpRequestReader& reader);
  asio::awaitable<bool> handle(HttpRequestReader& reader);
  asio::awaitable<bool> refuse(HttpRequestReader& reader);
  asio::awaitable<bool> answer(HttpResponse response);
  asio::awaitable<bool> send(std::string head, std::string body);
  asio::awaitable<error_code> read_some();
  asio::awaitable<void> linger();

  std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  bool begin_request();
  void make_room(std::size_t size);
  bool hold(std::size_t bytes);
  std::optional<Admission> ask_service(const HttpHead& head);
  HttpResponse service_failed();

  void set_deadline(Clock::time_point deadline);
  void set_deadline(Clock::duration from_now) { set_deadline(Clock::now() + from_now); }
  void wait_for_deadline();
  void interrupt();
  void close_idle();
  void cut();
  void close();
  void end();

  const HttpLimits& limits() const { return share_.limits; }
  HttpCounters& counters() const { return share_.counters; }

  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  asio::steady_timer timer_;     // goes off at deadline_, or before and looks again
  asio::steady_timer answered_;  // never goes off; cancelled when an answer is there
  TlsContext context_;
  ConnectionTable::Id id_;
  std::string peer_;
  ConnectionShare share_;

  std::vector<char> buffer_ = std::vector<char>(kHeadBuffer);
  std::size_t begin_ = 0;  // of what was read and not yet used
  std::size_t end_ = 0;
  std::size_t held_ = 0;  // of counters().body_bytes

  Clock::time_point deadline_{};
  bool watched_ = false;  // timer_ is waited for
  bool expired_ = false;  // the deadline passed
  bool told_to_close_ = false;
  bool cut_ = false;
  bool ended_ = false;

  // Of the present request.
  bool begun_ = false;
  Clock::time_point begun_at_{};
  bool keep_alive_ = true;
  bool http_1_0_ = false;
  bool bodiless_ = false;  // the answer's body is not sent, as to HEAD
  std::shared_ptr<PendingReply> pending_;
};

void Connection::start() {
  auto self = shared_from_this();
  // Not run here: the table tells connections to end only through the strand.
  asio::post(socket_.get_executor(), [self] {
    const bool in = self->share_.table.set_hooks(
        self->id_, {.close_idle = [self] { asio::post(self->socket_.get_executor(), [self] { self->close_idle(); }); },
                    .cut = [self] { asio::post(self->socket_.get_executor(), [self] { self->cut(); }); }});
    if (!in) return self->end();
    asio::co_spawn(self->socket_.get_executor(), self->run(), [self](std::exception_ptr) { self->end(); });
  });
}

asio::awaitable<void> Connection::run() {
  if (tls_ && !co_await shake_hands()) co_return;
  for (;;) {
    const bool again = co_await serve_request();
    if (!again) break;
  }
}

asio::awaitable<bool> Connection::shake_hands() {
  set_deadline(limits().tls_time);
  error_code error;
  co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
  if (cut_ || told_to_close_) co_return false;
  if (expired_) {
    counters().count(HttpEnd::kTlsTimeout);
    co_return false;
  }
  if (error) counters().count(HttpEnd::kTlsFailed);
  co_return !error;
}

/// Reads one request and answers it; whether another may follow.
asio::awaitable<bool> Connection::serve_request() {
  begun_ = false;
  keep_alive_ = false;
  http_1_0_ = false;
  bodiless_ = false;
  set_deadline(limits().idle_time);
  HttpRequestReader reader(limits(), peer_, tls_.has_value());
  const bool received = co_await receive(reader);
  if (!received) co_return false;

  if (reader.state() == HttpRequestReader::State::kAdmission) {
    counters().requests.fetch_add(1, std::memory_order_relaxed);
    const RequestHead& request = reader.request();
    http_1_0_ = request.http_1_0;
    bodiless_ = request.is_head();
    const bool continues = request.expects_continue;
    auto admission = ask_service(request.head);
    if (!admission || admission->refusal) {
      HttpResponse response = admission ? std::move(*admission->refusal) : service_failed();
      co_await answer(std::move(response));
      co_return false;
    }
    keep_alive_ = request.keep_alive;
    reader.admit(std::move(*admission));
    if (continues && reader.state() == HttpRequestReader::State::kBody && unread().empty()) {
      std::string head = "HTTP/1.1 100 Continue\r\n\r\n";
      const bool sent = co_await send(std::move(head), {});
      if (!sent) co_return false;
    }
    const bool whole = co_await receive(reader);
    hold(0);
    if (!whole) co_return false;
  }
  if (reader.state() == HttpRequestReader::State::kRefused) co_return co_await refuse(reader);
  co_return co_await handle(reader);
}

/// Feeds the reader until it needs something else than bytes. False: nothing more comes of this connection.
asio::awaitable<bool> Connection::receive(HttpRequestReader& reader) {
  using State = HttpRequestReader::State;
  while (reader.state() == State::kHead || reader.state() == State::kBody) {
    if (!unread().empty()) {
      if (!begun_ && !begin_request()) co_return false;
      const std::size_t taken = reader.feed(unread());
      begin_ += taken;
      counters().received_bytes.fetch_add(taken, std::memory_order_relaxed);
      if (!hold(reader.held_bytes()) && reader.state() == State::kBody) {
        reader.refuse(HttpRefusal(HttpEnd::kTooManyBodies));
      }
      continue;
    }
    const bool body = reader.state() == State::kBody;
    if (body) {
      const auto last = begun_at_ + limits().request_time;
      set_deadline(std::min(begun_at_ + time_for(reader.received_body_bytes(), limits()), last));
      make_room(reader.request().length > kHeadBuffer || reader.received_body_bytes() > kHeadBuffer ? kBodyBuffer
                                                                                                    : kHeadBuffer);
    }
    const error_code error = co_await read_some();
    if (cut_ || told_to_close_) co_return false;
    if (expired_) {
      if (!begun_) {
        counters().count(HttpEnd::kIdleTimeout);
        co_return false;
      }
      reader.refuse(HttpRefusal(body ? HttpEnd::kBodyTimeout : HttpEnd::kHeadTimeout));
    } else if (error) {
      if (begun_) counters().count(HttpEnd::kPeerGone);
      co_return false;
    }
  }
  co_return true;
}

/// Has the service answer the request; whether another may follow.
asio::awaitable<bool> Connection::handle(HttpRequestReader& reader) {
  make_room(kHeadBuffer);
  counters().open_requests.fetch_add(1, std::memory_order_relaxed);
  set_deadline(begun_at_ + limits().request_time);
  auto self = shared_from_this();
  pending_ = std::make_shared<PendingReply>(
      [self] { asio::post(self->socket_.get_executor(), [self] { self->answered_.cancel(); }); });
  try {
    share_.service.handle(reader.take(), PendingReply::reply_to(pending_));
  } catch (...) {  // whatever it is may hold parts of the request, so nothing of it is told
    pending_->drop();
  }
  while (pending_->state() == PendingReply::State::kWaiting && !expired_ && !cut_) {
    answered_.expires_at(Clock::time_point::max());
    error_code cancelled;
    co_await answered_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  const bool waiting = pending_->state() == PendingReply::State::kWaiting;
  std::optional<HttpResponse> response = pending_->close();
  pending_.reset();
  counters().open_requests.fetch_sub(1, std::memory_order_relaxed);
  if (cut_) {
    counters().count(HttpEnd::kCutAtStop);
    co_return false;
  }
  if (!response) {
    keep_alive_ = keep_alive_ && !waiting;
    if (waiting) {
      counters().count(HttpEnd::kAnswerTimeout);
      response = plain_refusal(row_of(HttpEnd::kAnswerTimeout).status, row_of(HttpEnd::kAnswerTimeout).text);
    } else {
      response = service_failed();
    }
  }
  const bool sent = co_await answer(std::move(*response));
  if (!sent || !keep_alive_) co_return false;
  co_return share_.table.rest(id_);
}

/// Tells the peer why; no other request follows, as nobody knows where it would begin.
asio::awaitable<bool> Connection::refuse(HttpRequestReader& reader) {
  keep_alive_ = false;
  counters().count(reader.refusal().end);
  HttpResponse response;
  try {
    response = reader.refusal_answer();
  } catch (...) {
    response = service_failed();
  }
  co_await answer(std::move(response));
  co_return false;
}

/// Sends an answer, and if it is the last one, ends the connection so that the peer sees it. False: it was not sent.
asio::awaitable<bool> Connection::answer(HttpResponse response) {
  if (!is_sendable(response)) response = service_failed();
  if (share_.draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  const AnswerFraming framing{keep_alive_, http_1_0_, std::time(nullptr)};
  std::string head = answer_head(response, framing);
  if (bodiless_ || !has_body(response.status)) response.body.clear();
  counters().answers[static_cast<std::size_t>(response.status / 100)].fetch_add(1, std::memory_order_relaxed);
  const bool sent = co_await send(std::move(head), std::move(response.body));
  if (sent && !keep_alive_) co_await linger();
  co_return sent;
}

asio::awaitable<bool> Connection::send(std::string head, std::string body) {
  set_deadline(time_for(head.size() + body.size(), limits()));
  error_code error;
  std::size_t sent = 0;
  if (tls_) {
    // One record rather than two where it is short; asio gives TLS one buffer at a time.
    head.append(body);
    const auto bytes = asio::buffer(head);
    sent = co_await asio::async_write(*tls_, bytes, asio::redirect_error(asio::use_awaitable, error));
  } else {
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(head), asio::buffer(body)};
    sent = co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, error));
  }
  counters().sent_bytes.fetch_add(sent, std::memory_order_relaxed);
  if (cut_) {
    counters().count(HttpEnd::kCutAtStop);
    co_return false;
  }
  if (expired_) {
    counters().count(HttpEnd::kWriteTimeout);
    // What the system still holds for the peer is given up with it.
    error_code ignored;
    socket_.set_option(tcp::socket::linger(true, 0), ignored);
    close();
    co_return false;
  }
  if (error) counters().count(HttpEnd::kPeerGone);
  co_return !error;
}

/// Waits a little for the peer to close first: closing while it still sends would reset the connection, and the answer
/// might be lost with it (RFC 9112, 9.6).
asio::awaitable<void> Connection::linger() {
  set_deadline(limits().linger_time);
  error_code error;
  if (tls_) co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  error.clear();
  socket_.shutdown(tcp::socket::shutdown_send, error);
  while (!error && !expired_ && !cut_) {
    const auto room = asio::buffer(buffer_);
    co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
}

/// Fills the buffer, which must be empty, with what the peer sent next.
asio::awaitable<error_code> Connection::read_some() {
  begin_ = end_ = 0;
  const auto room = asio::buffer(buffer_);
  error_code error;
  if (tls_) {
    end_ = co_await tls_->async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  } else {
    end_ = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return error;
}

bool Connection::begin_request() {
  if (!share_.table.begin(id_)) return false;
  begun_ = true;
  begun_at_ = Clock::now();
  set_deadline(begun_at_ + limits().head_time);
  return true;
}

void Connection::make_room(std::size_t size) {
  if (buffer_.size() == size || begin_ < end_) return;
  buffer_ = std::vector<char>(size);
}

/// Counts what the request's body takes; false: all bodies together take too much.
bool Connection::hold(std::size_t bytes) {
  if (bytes == held_) return true;
  const std::uint64_t before = counters().body_bytes.fetch_add(std::uint64_t{bytes} - held_, std::memory_order_relaxed);
  const std::uint64_t all = before + bytes - held_;
  const bool grew = bytes > held_;
  held_ = bytes;
  return !grew || all <= limits().max_body_bytes_at_once;
}

/// Nothing: it threw.
std::optional<Admission> Connection::ask_service(const HttpHead& head) {
  try {
    return share_.service.admit(head);
  } catch (...) {
    return std::nullopt;
  }
}

HttpResponse Connection::service_failed() {
  counters().count(HttpEnd::kServiceFailed);
  return plain_refusal(row_of(HttpEnd::kServiceFailed).status, row_of(HttpEnd::kServiceFailed).text);
}

/// Until the next call; when it passes, what the coroutine waits for is cancelled and expired_ says why.
void Connection::set_deadline(Clock::time_point deadline) {
  deadline_ = deadline;
  expired_ = false;
  if (!watched_) return wait_for_deadline();
  if (deadline < timer_.expiry()) timer_.cancel();  // and wait anew; a later deadline is seen when the timer goes off
}

void Connection::wait_for_deadline() {
  watched_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](error_code) {
    self->watched_ = false;
    if (self->ended_) return;
    if (Clock::now() >= self->deadline_) {
      self->expired_ = true;
      self->interrupt();
      // Nothing may have been there to cancel: the coroutine stood between one part of what it does and the next.
      self->deadline_ = Clock::now() + kInterruptAgain;
    }
    self->wait_for_deadline();
  });
}

void Connection::interrupt() {
  error_code ignored;
  socket_.cancel(ignored);
  answered_.cancel();
}

void Connection::close_idle() {
  told_to_close_ = true;
  if (!ended_) interrupt();
}

void Connection::cut() {
  cut_ = true;
  if (!ended_) close();
}

void Connection::close() {
  error_code ignored;
  socket_.close(ignored);
  answered_.cancel();
}

void Connection::end() {
  ended_ = true;
  timer_.cancel();
  if (pending_) pending_->close();
  hold(0);
  close();
  counters().open_connections.fetch_sub(1, std::memory_order_relaxed);
  share_.table.leave(id_);
}

}  // namespace

void serve_connection(tcp::socket socket, TlsContext tls, ConnectionTable::Id id, std::string peer,
                      const ConnectionShare& share) {
  share.counters.connections.fetch_add(1, std::memory_order_relaxed);
  share.counters.open_connections.fetch_add(1, std::memory_order_relaxed);
  try {
    std::make_shared<Connection>(std::move(socket), std::move(tls), id, std::move(peer), share)->start();
  } catch (...) {  // there is no memory for it
    share.counters.count(HttpEnd::kAcceptFailed);
    share.counters.open_connections.fetch_sub(1, std::memory_order_relaxed);
    share.table.leave(id);
  }
}

}  // namespace tripline::connectors::net
