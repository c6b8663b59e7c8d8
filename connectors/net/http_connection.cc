#include "connectors/net/http_connection.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "connectors/net/http_answer.h"
#include "connectors/net/http_request_reader.h"
#include "connectors/net/pending_reply.h"
#include "connectors/net/wire.h"

namespace tripline::connectors::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = Wire::Clock;
using State = HttpRequestReader::State;

/// What one reading takes: of heads, and of larger bodies while they come.
constexpr std::size_t kHeadBuffer = std::size_t{16} << 10;
constexpr std::size_t kBodyBuffer = std::size_t{128} << 10;

/// How long so many bytes may take to go over the wire.
Clock::duration time_for(std::size_t bytes, const HttpLimits& limits) {
  const auto rate = std::max<std::size_t>(limits.min_bytes_per_second, 1);
  return limits.stall_time + std::chrono::milliseconds(bytes / rate * 1000 + bytes % rate * 1000 / rate);
}

/// One connection: requests one behind the other, until one side has enough. Its coroutine runs on the wire's strand.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Wire> wire, ConnectionTable::Id id, std::string peer, const ConnectionShare& share)
      : wire_(std::move(wire)), id_(id), peer_(std::move(peer)), share_(share) {}
  /// Also when its coroutine dies between two steps, as there was no memory to go on.
  ~Connection() { end(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

 private:
  asio::awaitable<void> run();
  asio::awaitable<bool> serve_request();
  asio::awaitable<bool> receive(HttpRequestReader& reader);
  asio::awaitable<bool> handle(HttpRequestReader& reader);
  asio::awaitable<void> refuse(HttpRequestReader& reader);
  asio::awaitable<bool> answer(HttpResponse response);
  asio::awaitable<bool> send(std::string head, std::string body);

  bool feed(HttpRequestReader& reader);
  bool begin_request();
  bool hold(std::size_t bytes);
  void prepare_to_read(const HttpRequestReader& reader);
  std::optional<Admission> ask_service(const HttpHead& head);
  void give_to_service(HttpRequest request);
  HttpResponse service_failed();
  void end();

  const HttpLimits& limits() const { return share_.limits; }
  HttpCounters& counters() const { return share_.counters; }

  std::shared_ptr<Wire> wire_;
  ConnectionTable::Id id_;
  std::string peer_;
  ConnectionShare share_;
  std::size_t held_ = 0;  // of counters().body_bytes
  bool ended_ = false;

  // Of the present request.
  bool begun_ = false;
  Clock::time_point begun_at_{};
  bool keep_alive_ = false;
  bool http_1_0_ = false;
  bool bodiless_ = false;  // the answer's body is not sent, as to HEAD
  std::shared_ptr<PendingReply> pending_;
};

void Connection::start() {
  asio::post(wire_->executor(), [self = shared_from_this()] {
    try {
      if (!self->share_.table.set_cut(self->id_, [wire = self->wire_] { wire->cut(); })) return self->end();
      asio::co_spawn(self->wire_->executor(), self->run(), [self](std::exception_ptr) { self->end(); });
    } catch (...) {  // there is no memory for it
      self->counters().count(HttpEnd::kAcceptFailed);
      self->end();
    }
  });
}

asio::awaitable<void> Connection::run() {
  if (wire_->is_tls()) {
    wire_->set_deadline(Clock::now() + limits().tls_time);
    const auto end = co_await wire_->shake_hands();
    if (end == Wire::End::kLate) counters().count(HttpEnd::kTlsTimeout);
    if (end == Wire::End::kGone) counters().count(HttpEnd::kTlsFailed);
    if (end != Wire::End::kDone) co_return;
  }
  for (bool again = true; again;) {
    again = co_await serve_request();
  }
}

/// Reads one request and answers it; whether another may follow.
asio::awaitable<bool> Connection::serve_request() {
  begun_ = keep_alive_ = http_1_0_ = bodiless_ = false;
  wire_->set_deadline(Clock::now() + limits().idle_time);
  HttpRequestReader reader(limits(), peer_, wire_->is_tls());
  const bool received = co_await receive(reader);
  if (!received) co_return false;

  if (reader.state() == State::kAdmission) {
    counters().requests.fetch_add(1, std::memory_order_relaxed);
    const RequestHead& request = reader.request();
    http_1_0_ = request.http_1_0;
    bodiless_ = request.is_head();
    auto admission = ask_service(request.head);
    if (!admission || admission->refusal) {
      HttpResponse response = admission ? std::move(*admission->refusal) : service_failed();
      co_await answer(std::move(response));
      co_return false;
    }
    keep_alive_ = request.keep_alive;
    const bool continues = request.expects_continue;
    reader.admit(std::move(*admission));
    if (continues && reader.state() == State::kBody && wire_->unread().empty()) {
      std::string head = "HTTP/1.1 100 Continue\r\n\r\n";
      const bool sent = co_await send(std::move(head), {});
      if (!sent) co_return false;
    }
    const bool whole = co_await receive(reader);
    hold(0);
    if (!whole) co_return false;
  }
  if (reader.state() == State::kRefused) {
    co_await refuse(reader);
    co_return false;
  }
  co_return co_await handle(reader);
}

/// Feeds the reader until it needs something else than bytes. False: nothing more comes of this connection.
asio::awaitable<bool> Connection::receive(HttpRequestReader& reader) {
  while (reader.state() == State::kHead || reader.state() == State::kBody) {
    if (!wire_->unread().empty()) {
      if (!feed(reader)) co_return false;
      continue;
    }
    prepare_to_read(reader);
    const auto end = co_await wire_->read();
    if (end == Wire::End::kDone) continue;
    if (end == Wire::End::kLate && begun_) {
      reader.refuse(HttpRefusal(reader.state() == State::kBody ? HttpEnd::kBodyTimeout : HttpEnd::kHeadTimeout));
      break;
    }
    if (end == Wire::End::kLate) counters().count(HttpEnd::kIdleTimeout);
    if (end == Wire::End::kGone && begun_) counters().count(HttpEnd::kPeerGone);
    if (end == Wire::End::kCut && begun_) counters().count(HttpEnd::kCutAtStop);
    co_return false;
  }
  co_return true;
}

/// Has the service answer the request; whether another may follow.
asio::awaitable<bool> Connection::handle(HttpRequestReader& reader) {
  wire_->resize_buffer(kHeadBuffer);
  counters().open_requests.fetch_add(1, std::memory_order_relaxed);
  wire_->set_deadline(begun_at_ + limits().request_time);
  give_to_service(reader.take());
  auto end = Wire::End::kDone;
  while (pending_->state() == PendingReply::State::kWaiting && end == Wire::End::kDone) {
    end = co_await wire_->wait();
  }
  const bool late = pending_->state() == PendingReply::State::kWaiting;
  std::optional<HttpResponse> response = pending_->close();
  pending_.reset();
  counters().open_requests.fetch_sub(1, std::memory_order_relaxed);
  if (end == Wire::End::kCut) {
    counters().count(HttpEnd::kCutAtStop);
    co_return false;
  }
  if (!response && late) {
    keep_alive_ = false;
    counters().count(HttpEnd::kAnswerTimeout);
    response = plain_refusal(HttpRefusal(HttpEnd::kAnswerTimeout));
  }
  if (!response) response = service_failed();
  const bool sent = co_await answer(std::move(*response));
  co_return sent&& keep_alive_&& share_.table.rest(id_);
}

/// Tells the peer why; no other request follows, as nobody knows where it would begin.
asio::awaitable<void> Connection::refuse(HttpRequestReader& reader) {
  keep_alive_ = false;
  counters().count(reader.refusal().end);
  HttpResponse response;
  try {
    response = reader.refusal_answer();
  } catch (...) {
    response = service_failed();
  }
  co_await answer(std::move(response));
}

/// Sends an answer and, if it is the connection's last, sees to it that the peer can read it. False: it was not sent.
asio::awaitable<bool> Connection::answer(HttpResponse response) {
  if (!is_sendable(response)) response = service_failed();
  if (share_.draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  const AnswerFraming framing{keep_alive_, http_1_0_, std::time(nullptr)};
  std::string head = answer_head(response, framing);
  if (bodiless_ || !has_body(response.status)) response.body.clear();
  counters().answers[static_cast<std::size_t>(response.status / 100)].fetch_add(1, std::memory_order_relaxed);
  const bool sent = co_await send(std::move(head), std::move(response.body));
  if (sent && !keep_alive_) {
    wire_->set_deadline(Clock::now() + limits().linger_time);
    co_await wire_->linger();
  }
  co_return sent;
}

asio::awaitable<bool> Connection::send(std::string head, std::string body) {
  wire_->set_deadline(Clock::now() + time_for(head.size() + body.size(), limits()));
  std::size_t written = 0;
  const auto end = co_await wire_->write(std::move(head), std::move(body), written);
  counters().sent_bytes.fetch_add(written, std::memory_order_relaxed);
  if (end == Wire::End::kLate) {
    counters().count(HttpEnd::kWriteTimeout);
    wire_->forget_unsent();
  }
  if (end == Wire::End::kGone) counters().count(HttpEnd::kPeerGone);
  if (end == Wire::End::kCut) counters().count(HttpEnd::kCutAtStop);
  co_return end == Wire::End::kDone;
}

/// False: the connection was told to close before this request began.
bool Connection::feed(HttpRequestReader& reader) {
  const std::size_t taken = reader.feed(wire_->unread());
  wire_->use(taken);
  counters().received_bytes.fetch_add(taken, std::memory_order_relaxed);
  if (!begun_ && reader.begun() && !begin_request()) return false;
  if (!hold(reader.held_bytes()) && reader.state() == State::kBody) {
    reader.refuse(HttpRefusal(HttpEnd::kTooManyBodies));
  }
  return true;
}

bool Connection::begin_request() {
  if (!share_.table.begin(id_)) return false;
  begun_ = true;
  begun_at_ = Clock::now();
  wire_->set_deadline(begun_at_ + limits().head_time);
  return true;
}

void Connection::prepare_to_read(const HttpRequestReader& reader) {
  if (reader.state() != State::kBody) return;
  const std::size_t received = reader.received_body_bytes();
  wire_->set_deadline(std::min(begun_at_ + time_for(received, limits()), begun_at_ + limits().request_time));
  if (reader.request().length > kHeadBuffer || received > kHeadBuffer) wire_->resize_buffer(kBodyBuffer);
}

/// Counts what the request's body takes; false: all bodies together take too much.
bool Connection::hold(std::size_t bytes) {
  if (bytes == held_) return true;
  const std::uint64_t change = std::uint64_t{bytes} - held_;  // modulo 2^64, as the counter adds
  const bool grew = bytes > held_;
  held_ = bytes;
  const std::uint64_t all = counters().body_bytes.fetch_add(change, std::memory_order_relaxed) + change;
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

void Connection::give_to_service(HttpRequest request) {
  pending_ = std::make_shared<PendingReply>([wire = wire_] { wire->wake(); });
  try {
    share_.service.handle(std::move(request), PendingReply::reply_to(pending_));
  } catch (...) {  // what it says may hold parts of the request, so nothing of it is told
    pending_->drop();
  }
}

HttpResponse Connection::service_failed() {
  counters().count(HttpEnd::kServiceFailed);
  return plain_refusal(HttpRefusal(HttpEnd::kServiceFailed));
}

void Connection::end() {
  if (std::exchange(ended_, true)) return;
  if (pending_) pending_->close();
  hold(0);
  wire_->close();
  counters().open_connections.fetch_sub(1, std::memory_order_relaxed);
  share_.table.leave(id_);
}

}  // namespace

void serve_connection(tcp::socket socket, const TlsContext& tls, ConnectionTable::Id id, std::string peer,
                      const ConnectionShare& share) {
  share.counters.connections.fetch_add(1, std::memory_order_relaxed);
  share.counters.open_connections.fetch_add(1, std::memory_order_relaxed);
  std::shared_ptr<Connection> connection;  // which leaves when it dies
  try {
    auto wire = std::make_shared<Wire>(std::move(socket), tls);
    connection = std::make_shared<Connection>(std::move(wire), id, std::move(peer), share);
    connection->start();
  } catch (...) {  // there is no memory for it
    share.counters.count(HttpEnd::kAcceptFailed);
    if (connection) return;
    share.counters.open_connections.fetch_sub(1, std::memory_order_relaxed);
    share.table.leave(id);
  }
}

}  // namespace tripline::connectors::net
