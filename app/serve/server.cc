#include "app/serve/server.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "app/config/variables.h"
#include "app/serve/server_options.h"
#include "app/serve/server_rules.h"

namespace tripline::app {

using connectors::net::HttpHead;
using connectors::net::HttpRequest;
using connectors::net::HttpServer;
using connectors::net::Reply;
using connectors::net::WaysIn;
using engine::ErrorCode;
using engine::Result;

Server::Server(Config config, Clock clock) : config_(std::move(config)), clock_(std::move(clock)) {}

Server::~Server() {
  // No call comes any more; one that is being answered ends, and lets go of a connection that is the HTTP server's,
  // before that goes.
  if (http_) http_->stop(std::chrono::milliseconds{0});
  routes_.reset();  // which may ask for what follows
  http_.reset();
  if (alerting_) alerting_->stop(std::chrono::milliseconds{0});  // it writes by way of the engine,
  engine_.reset();                                               // which wakes it
  alerting_.reset();
  // What a start that failed leaves there: folders wait to hear of their files.
  if (intake_) intake_->abandon();
}

Result<std::unique_ptr<Server>> Server::start(Config config, Clock clock) {
  std::unique_ptr<Server> server(new Server(std::move(config), std::move(clock)));
  if (auto done = server->set_up(); !done) return done.error();
  return server;
}

Result<void> Server::set_up() {
  stamp_ = FileStamp(files_of(config_));
  const engine::EventTime now = clock_.now();
  auto loaded = load_server_rules(config_, now, rule_files_);
  if (!loaded) return loaded.error();
  today_ = std::chrono::floor<std::chrono::days>(now);
  auto accounts = load_server_accounts(config_);
  if (!accounts) return accounts.error();
  auto store = engine::store::SqliteStore::open(store_path(), (*loaded)->rules, store_settings(config_, clock_));
  if (!store) return store.error();
  loaded_ = *loaded;
  accounts_ = *accounts;
  store_ = std::move(*store);
  intake_ = std::make_unique<connectors::Intake>(
      connectors::Intake::Options{.max_bytes = static_cast<std::size_t>(config_.limits.intake_bytes)});
  WaysIn::Options ways;
  ways.access = access_of(config_);
  ways.max_event_bytes = static_cast<std::size_t>(config_.limits.body_bytes);
  ways_in_ = std::make_unique<WaysIn>(ways, *intake_, [this] { return clock_.now(); });
  counted_transition_ = store_->last_transition();
  auto options = engine_options(config_, clock_);
  options.committed = [this] {
    count_opened_signals();
    if (alerting_) alerting_->wake();
  };
  options.oldest_to_come = [this] {
    std::optional<engine::EventTime> oldest;
    for (const auto& folder : folders_) {
      if (const auto of_folder = folder->oldest(); !oldest || (of_folder && *of_folder < *oldest)) oldest = of_folder;
    }
    return oldest;
  };
  options.forgotten_marks = [this] {
    std::vector<engine::Mark> marks;
    for (const auto& folder : folders_) {
      for (auto& mark : folder->take_forgotten()) marks.push_back(std::move(mark));
    }
    return marks;
  };
  if (auto watched = watch_silence(); !watched) return watched;
  engine_ = std::make_unique<LiveEngine>(*intake_, *store_, std::move(options));
  // First, as what waits in a folder holds the watermark back from the beginning.
  if (auto watched = watch_folders(); !watched) return watched;
  if (auto alerts = set_up_alerts(); !alerts) return alerts;
  if (auto started = engine_->start(loaded_->rules, accounts_); !started) return started;
  engine_runs_ = true;
  alerting_->start();
  routes_ = std::make_unique<Routes>(routes_of_api(), tokens_of(config_));
  http_ = std::make_unique<HttpServer>(http_options(config_), service());
  return http_->start();
}

Result<void> Server::watch_folders() {
  for (const auto& folder : config_.sources.folders) {
    folders_.push_back(
        std::make_unique<connectors::FolderWatch>(connectors::FolderWatch::Options{.path = folder.path,
                                                                                   .name = folder.name,
                                                                                   .patterns = folder.patterns,
                                                                                   .rescan = folder.rescan,
                                                                                   .settle = folder.settle},
                                                  *intake_, [this] { return clock_.now(); }));
  }
  const auto read = store_->database().read().each_meta([this](const engine::store::MetaRow& row) -> Result<void> {
    const engine::Mark mark{std::string(row.key), std::string(row.blob)};
    for (const auto& folder : folders_) {
      if (folder->remember(mark)) break;
    }
    return {};
  });
  if (!read) return read;
  for (const auto& folder : folders_) {
    if (auto started = folder->start(); !started) return started;
  }
  return {};
}

connectors::net::HttpService Server::service() {
  return {
      .admit =
          [this](const HttpHead& head) { return WaysIn::takes(head) ? ways_in_->admit(head) : routes_->admit(head); },
      .handle =
          [this](HttpRequest request, Reply reply) {
            if (WaysIn::takes(request.head)) return ways_in_->handle(std::move(request), std::move(reply));
            routes_->handle(std::move(request), std::move(reply));
          }};
}

/// Before the engine commits anything, as transitions are routed from where it begins.
Result<void> Server::set_up_alerts() {
  const auto senders = Senders::make(config_.sinks, transport_, [this] { return accounts(); });
  if (!senders) return senders.error();
  Alerting::Options options;
  options.store_path = store_path();
  options.writer = [this](const alerts::Outbox::Work& work) -> Result<void> {
    if (!engine_runs_) return work(store_->database());
    Result<void> done = engine::fail(ErrorCode::kIo, "the server stops");
    engine_->run_on_state_thread([&] { done = work(store_->database()); });
    return done;
  };
  options.now = [this] { return clock_.now(); };
  options.accounts = [this] { return accounts(); };
  options.routing = routing_of(config_, *senders);
  options.ends = senders->ends();
  options.dispatch.seed = std::random_device()();
  sinks_ = config_.sinks;
  routes_of_alerts_ = config_.routes;
  alerting_ = std::make_unique<Alerting>(std::move(options));
  return alerting_->load();
}

Result<void> Server::reload_alerts(const Config& config, const Senders& senders) {
  if (config.sinks == sinks_ && config.routes == routes_of_alerts_) return {};
  if (auto done = alerting_->replace(routing_of(config, senders), senders.ends()); !done) return done;
  sinks_ = config.sinks;
  routes_of_alerts_ = config.routes;
  return {};
}

void Server::count_opened_signals() {
  const std::uint64_t last = store_->last_transition();
  if (last == counted_transition_) return;
  std::set<engine::Digest> opened;
  const auto told = store_->database().read().each_transition(
      counted_transition_, SIZE_MAX, [&](const engine::store::TransitionRow& row) -> Result<void> {
        if (row.kind == static_cast<std::int64_t>(engine::Transition::Kind::kOpened)) opened.insert(row.signal);
        return {};
      });
  if (!told) return;
  const auto counted = store_->each_signal_since(counted_transition_, [&](const engine::Signal& signal) {
    if (opened.erase(engine::from_hex(signal.id)) > 0) count_opened(signal);
  });
  if (counted) counted_transition_ = last;  // else the next commit tries again
}

void Server::count_opened(const engine::Signal& signal) {
  const std::lock_guard lock(mutex_);
  for (const std::string& account : signal.accounts) {
    const bool room = account_signals_.size() < LiveStatus::kMostPlaces || account_signals_.contains(account);
    ++(room ? account_signals_[account] : account_signals_left_out_);
  }
}

std::string Server::store_path() const { return config_.store.path + "/store.db"; }

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < config_.listen.size(); ++i) {
    const auto& listen = config_.listen[i];
    const std::string host = listen.host.find(':') == std::string::npos ? listen.host : "[" + listen.host + "]";
    addresses.push_back((listen.tls ? "https://" : "http://") + host + ":" + std::to_string(http_->port(i)));
  }
  return addresses;
}

// --- reload ---

Result<bool> Server::reload_if_changed() {
  const std::lock_guard one(reload_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (FileStamp(files_of(config_)) == stamp_) return false;
  }
  return reload_from_file();
}

Result<bool> Server::reload() {
  const std::lock_guard one(reload_mutex_);
  return reload_from_file();
}

Result<bool> Server::reload_from_file() {
  Result<bool> outcome = false;
  auto config = config_;
  if (!config_.path.empty()) {
    auto read = load_config(config_.path, environment_of_process());
    if (!read) {
      outcome = read.error();
    } else if (const auto wrong = read->diagnostics.first_error(); !wrong.empty()) {
      outcome = engine::fail(ErrorCode::kUsage, config_.path + ": " + wrong);
    } else {
      config = std::move(read->config);
    }
  }
  // Before reading, so that a change meanwhile is seen next time.
  const FileStamp stamp(files_of(config));
  if (outcome) outcome = reload(config);
  note_reload(outcome, stamp);
  return outcome;
}

void Server::note_reload(const Result<bool>& outcome, const FileStamp& stamp) {
  const std::lock_guard lock(mutex_);
  stamp_ = stamp;
  reload_status_.at = clock_.now();
  reload_status_.error = outcome ? "" : outcome.error().message;
  ++(!outcome ? reload_status_.failed : *outcome ? reload_status_.succeeded : reload_status_.unchanged);
}

/// A filter ends with its last day, though no file changes. Where the rules cannot be compiled, a minute later again.
Result<void> Server::end_filters(engine::EventTime now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const std::unique_lock one(reload_mutex_, std::try_to_lock);
  if (!one) return {};  // a reload is under way, and looks itself
  if (today <= today_ || now < end_filters_again_) return {};
  const auto end = next_filter_end(*loaded());
  if (!end || *end > today) {
    today_ = today;
    return {};
  }
  auto config = [this] {
    const std::lock_guard lock(mutex_);
    return config_;
  }();
  config.sinks = sinks_;
  config.routes = routes_of_alerts_;
  const FileStamp stamp(files_of(config));
  const auto outcome = reload(config);
  note_reload(outcome, stamp);
  end_filters_again_ = now + std::chrono::minutes{1};
  return outcome ? Result<void>() : outcome.error();
}

/// All that can fail comes first.
Result<bool> Server::reload(const Config& config) {
  const engine::EventTime now = clock_.now();
  auto loaded = load_server_rules(config, now, rule_files_);
  if (!loaded) return loaded.error();
  auto accounts = load_server_accounts(config);
  if (!accounts) return accounts.error();
  const auto senders = Senders::make(config.sinks, transport_, [this] { return this->accounts(); });
  if (!senders) return senders.error();
  if (auto read = http_->reload_tls(); !read) return read.error();
  if (auto replaced = engine_->replace((*loaded)->rules, *accounts); !replaced) return replaced.error();
  if (auto replaced = reload_alerts(config, *senders); !replaced) return replaced.error();
  ways_in_->change_access(access_of(config));
  routes_->change_tokens(tokens_of(config));
  silence_->change_options(silence_options(config));
  today_ = std::chrono::floor<std::chrono::days>(now);
  const std::lock_guard lock(mutex_);
  loaded_ = std::move(*loaded);
  accounts_ = std::move(*accounts);
  config_.rules = config.rules;
  config_.sources = config.sources;
  config_.api = config.api;
  config_.accounts = config.accounts;
  config_.silence = config.silence;
  return true;
}

// --- stop, and what others ask ---

bool Server::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  http_->drain();
  for (const auto& folder : folders_) folder->end();
  static_cast<void>(silence_->look(engine_->status(), clock_.now(), true));  // else a minute of it is forgotten
  // First, as it writes by way of the engine. What is committed from here on is told after the next start.
  alerting_->stop(Alerting::kDrain);
  const bool all = engine_->stop(config_.stop_drain);
  http_->stop(std::chrono::seconds{5});
  return all;
}

std::string Server::not_ready() const {
  const auto trouble = engine_->status().trouble;
  const std::lock_guard lock(mutex_);
  if (stopping_) return "the server stops";
  return trouble.value_or("");
}

std::shared_ptr<const rules::Loaded> Server::loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

std::size_t Server::rule_files_read() {
  const std::lock_guard one(reload_mutex_);
  return rule_files_.reads();
}

ReloadFacts Server::reloads() const {
  const std::lock_guard lock(mutex_);
  return reload_status_;
}

std::shared_ptr<const engine::Accounts> Server::accounts() const {
  const std::lock_guard lock(mutex_);
  return accounts_;
}

}  // namespace tripline::app
