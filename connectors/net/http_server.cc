#include "connectors/net/http_server.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "connectors/net/connection_table.h"
#include "connectors/net/http_connection.h"

namespace tripline::connectors::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using engine::Error;
using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

/// When the system has no room for another connection (file descriptors, mostly).
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string name_of(const HttpServer::Listener& listener) {
  const bool ipv6 = listener.address.find(':') != std::string::npos;
  return (ipv6 ? "[" + listener.address + "]" : listener.address) + ":" + std::to_string(listener.port);
}

/// Goes with what waits at a door. When that dies without having been called, as there was no memory to call it, nobody
/// waits there any more, and the door is marked.
class Attendant {
 public:
  explicit Attendant(std::shared_ptr<std::atomic<bool>> unattended) : unattended_(std::move(unattended)) {}
  ~Attendant() {
    if (unattended_) unattended_->store(true);
  }
  Attendant(Attendant&&) = default;
  Attendant& operator=(Attendant&&) = delete;

  void called() { unattended_.reset(); }

 private:
  std::shared_ptr<std::atomic<bool>> unattended_;
};

}  // namespace

struct HttpServer::Core {
  /// One listening socket; what it does is done on its strand.
  struct Door {
    Door(Core& c, const Listener& l)
        : core(c), listener(l), acceptor(asio::make_strand(c.io)), pause(acceptor.get_executor()) {}

    Result<void> open();
    void accept();
    void accept_again();
    void attend();
    void let_in(tcp::socket socket);
    void close();
    TlsContext context() const;
    void set_context(TlsContext context);

    Core& core;
    const Listener& listener;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    std::shared_ptr<std::atomic<bool>> unattended = std::make_shared<std::atomic<bool>>(false);
    std::uint16_t port = 0;
    mutable std::mutex mutex;
    TlsContext tls;
  };

  Core(Options o, HttpService s)
      : options(std::move(o)), service(std::move(s)), table(options.limits), work(asio::make_work_guard(io)) {}

  Result<std::vector<TlsContext>> load_contexts() const;
  void run();

  Options options;
  HttpService service;
  HttpCounters counters;
  ConnectionTable table;
  std::atomic<bool> draining{false};
  ConnectionShare share{options.limits, service, counters, table, draining};
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::vector<std::unique_ptr<Door>> doors;
  std::vector<std::thread> threads;
};

Result<void> HttpServer::Core::Door::open() {
  error_code error;
  const auto address = asio::ip::make_address(listener.address, error);
  if (error) return fail(ErrorCode::kUsage, "'" + listener.address + "' is no IPv4 or IPv6 address");
  const tcp::endpoint endpoint(address, listener.port);
  acceptor.open(endpoint.protocol(), error);
  // A port whose last connections still time out can be taken again; one that is listened on cannot.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) port = acceptor.local_endpoint(error).port();
  if (error) return fail(ErrorCode::kIo, name_of(listener) + ": " + error.message());
  return {};
}

void HttpServer::Core::Door::accept() {
  auto waits = [this, attendant = Attendant(unattended)](error_code error, tcp::socket socket) mutable {
    attendant.called();
    if (!acceptor.is_open()) return;
    if (!error) {
      try {
        let_in(std::move(socket));
      } catch (...) {  // there is no memory for it, and its socket is closed
        core.counters.count(HttpEnd::kAcceptFailed);
      }
    } else if (error != asio::error::connection_aborted) {
      core.counters.count(HttpEnd::kAcceptFailed);
      pause.expires_after(kAcceptPause);
      pause.async_wait([this, next = Attendant(unattended)](error_code cancelled) mutable {
        next.called();
        if (!cancelled && acceptor.is_open()) accept_again();
      });
      return;
    }
    accept_again();
  };
  acceptor.async_accept(asio::make_strand(core.io), std::move(waits));
}

/// The door stays open even when there is no memory to wait at it; then the thread waits instead.
void HttpServer::Core::Door::accept_again() {
  for (;;) {
    try {
      return accept();
    } catch (...) {
      core.counters.count(HttpEnd::kAcceptFailed);
      std::this_thread::sleep_for(kAcceptPause);
    }
  }
}

void HttpServer::Core::Door::let_in(tcp::socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;  // it has left already
  socket.set_option(tcp::no_delay(true), error);
  std::string address = peer.address().to_string();
  ConnectionTable::Id id = 0;
  switch (core.table.enter(ConnectionTable::share_of(address), id)) {
    case ConnectionTable::Entry::kFull:
      return core.counters.count(HttpEnd::kTooManyConnections);
    case ConnectionTable::Entry::kAddressFull:
      return core.counters.count(HttpEnd::kTooManyFromAddress);
    case ConnectionTable::Entry::kClosed:
      return;
    case ConnectionTable::Entry::kInForAnother:
      core.counters.count(HttpEnd::kIdleEvicted);
      break;
    case ConnectionTable::Entry::kIn:
      break;
  }
  serve_connection(std::move(socket), context(), id, std::move(address), core.share);
}

void HttpServer::Core::Door::close() {
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
}

/// Waits at the door again where nobody does.
void HttpServer::Core::Door::attend() {
  while (unattended->exchange(false)) {
    try {
      asio::post(acceptor.get_executor(), [this, attendant = Attendant(unattended)]() mutable {
        attendant.called();
        if (acceptor.is_open()) accept_again();
      });
    } catch (...) {
      std::this_thread::sleep_for(kAcceptPause);
    }
  }
}

TlsContext HttpServer::Core::Door::context() const {
  const std::lock_guard lock(mutex);
  return tls;
}

void HttpServer::Core::Door::set_context(TlsContext context) {
  const std::lock_guard lock(mutex);
  tls.swap(context);
}

/// One a listener; null where it is plain.
Result<std::vector<TlsContext>> HttpServer::Core::load_contexts() const {
  std::vector<TlsContext> contexts;
  for (const auto& listener : options.listeners) {
    contexts.emplace_back();
    if (!listener.tls) continue;
    auto context = load_tls(*listener.tls);
    if (!context) return context.error();
    contexts.back() = std::move(*context);
  }
  return contexts;
}

/// What a handler throws costs that handler and no more.
void HttpServer::Core::run() {
  for (;;) {
    try {
      io.run();
      return;
    } catch (...) {
      counters.count(HttpEnd::kAcceptFailed);
      for (const auto& door : doors) door->attend();
    }
  }
}

HttpServer::HttpServer(Options options, HttpService service)
    : core_(std::make_unique<Core>(std::move(options), std::move(service))) {}

HttpServer::~HttpServer() { stop(std::chrono::milliseconds{0}); }

Result<void> HttpServer::start() {
  auto contexts = core_->load_contexts();
  if (!contexts) return contexts.error();
  std::vector<std::unique_ptr<Core::Door>> doors;
  for (std::size_t i = 0; i < core_->options.listeners.size(); ++i) {
    doors.push_back(std::make_unique<Core::Door>(*core_, core_->options.listeners[i]));
    doors.back()->set_context((*contexts)[i]);
    if (auto opened = doors.back()->open(); !opened) return opened;
  }
  core_->doors = std::move(doors);
  for (const auto& door : core_->doors) door->accept();
  for (std::size_t i = 0; i < std::max<std::size_t>(core_->options.threads, 1); ++i) {
    core_->threads.emplace_back([core = core_.get()] { core->run(); });
  }
  return {};
}

std::uint16_t HttpServer::port(std::size_t listener) const { return core_->doors.at(listener)->port; }

Result<void> HttpServer::reload_tls() {
  auto contexts = core_->load_contexts();
  if (!contexts) return contexts.error();
  for (std::size_t i = 0; i < core_->doors.size(); ++i) core_->doors[i]->set_context((*contexts)[i]);
  return {};
}

void HttpServer::drain() {
  core_->draining.store(true);
  if (!core_->threads.empty()) {
    for (const auto& door : core_->doors) {
      std::promise<void> closed;
      asio::post(door->acceptor.get_executor(), [&] {
        door->close();
        closed.set_value();
      });
      closed.get_future().wait();
    }
  }
  core_->table.close();
}

std::size_t HttpServer::stop(std::chrono::milliseconds limit) {
  drain();
  const std::size_t left = core_->table.wait_until_empty(limit);
  if (left > 0) core_->table.cut_all();
  core_->work.reset();
  for (auto& thread : core_->threads) thread.join();
  core_->threads.clear();
  return left;
}

const HttpCounters& HttpServer::counters() const { return core_->counters; }

}  // namespace tripline::connectors::net
