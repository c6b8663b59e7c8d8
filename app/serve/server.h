#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/serve/alerting.h"
#include "app/serve/clock.h"
#include "app/serve/file_stamp.h"
#include "app/serve/handling.h"
#include "app/serve/live_engine.h"
#include "app/serve/outbox_routes.h"
#include "app/serve/routes.h"
#include "app/serve/senders.h"
#include "app/serve/server_facts.h"
#include "app/serve/silence_routes.h"
#include "app/serve/silence_watch.h"
#include "connectors/folder_watch.h"
#include "connectors/intake.h"
#include "connectors/net/http_server.h"
#include "connectors/net/ways_in.h"
#include "engine/store/sqlite_store.h"
#include "rules/file_cache.h"
#include "rules/loader.h"

namespace tripline::app {

/// `tripline serve`: store, rules, engine, alerts, ways in and HTTP, one of each, wired after a Config.
/// Threads: start, tick and stop by one at a time; the rest any.
class Server {
 public:
  /// Takes up the store, loads the rules and listens. Errors are those of the parts; then nothing runs.
  static engine::Result<std::unique_ptr<Server>> start(Config config, Clock clock = {});
  ~Server();

  /// Where it listens, with the ports that the system chose: `http://127.0.0.1:8480`.
  std::vector<std::string> addresses() const;

  /// Reads rules, lists, accounts, certificates, keys, tokens, sinks and routes again. A broken rule set, or whatever
  /// else is wrong, is refused as a whole, and what was there stays. True: something is new.
  engine::Result<bool> reload();
  /// The same, if some file has changed since it was read.
  engine::Result<bool> reload_if_changed();

  /// Not ready any more, no new connections, what was taken becomes durable, within the configured limit. Whether all
  /// of it did.
  bool stop();

  /// To be called every second or so: looks who has gone silent, and whether a filter's last day is over, which
  /// compiles the rules anew. kStore, kBadRule, kIo: that could not be done; a later call tries again.
  engine::Result<void> tick();

  /// Why it is not ready; empty: it is.
  std::string not_ready() const;

  // What the API and the metrics tell of.
  const Config& config() const { return config_; }
  const Clock& clock() const { return clock_; }
  const LiveEngine& engine() const { return *engine_; }
  const connectors::Intake& intake() const { return *intake_; }
  const connectors::net::HttpServer& http() const { return *http_; }
  const connectors::net::WaysIn& ways_in() const { return *ways_in_; }
  const Routes& routes() const { return *routes_; }
  const std::vector<std::unique_ptr<connectors::FolderWatch>>& folders() const { return folders_; }
  AlertsStatus alerts() const { return alerting_->status(); }
  std::string store_path() const;
  /// As of the last reload that went well; never null.
  std::shared_ptr<const rules::Loaded> loaded() const;
  std::shared_ptr<const engine::Accounts> accounts() const;
  /// Of all reloads, whoever asked for them.
  ReloadFacts reloads() const;
  /// Since the start, over all reloads.
  std::size_t rule_files_read();

 private:
  Server(Config config, Clock clock);
  engine::Result<void> set_up();
  engine::Result<bool> reload_from_file();
  engine::Result<bool> reload(const Config& config);
  void note_reload(const engine::Result<bool>& outcome, const FileStamp& stamp);
  engine::Result<void> end_filters(engine::EventTime now);
  void count_opened_signals();
  void count_opened(const engine::Signal& signal);
  engine::Result<void> set_up_alerts();
  engine::Result<void> reload_alerts(const Config& config, const Senders& senders);
  std::vector<Route> routes_of_api();
  OutboxParts outbox_parts();
  SilenceParts silence_parts();
  engine::Result<void> watch_silence();
  ServerFacts facts();
  engine::Result<bool> add_note(const engine::Digest& signal, const Note& note);
  engine::Result<void> watch_folders();
  connectors::net::HttpService service();

  Config config_;
  Clock clock_;
  engine::EventTime started_ = clock_.now();
  std::uint64_t counted_transition_ = 0;
  std::unique_ptr<connectors::Intake> intake_;
  std::unique_ptr<connectors::net::WaysIn> ways_in_;  // outlives the engine, which settles what it took
  std::vector<std::unique_ptr<connectors::FolderWatch>> folders_;
  std::unique_ptr<engine::store::SqliteStore> store_;
  std::unique_ptr<SilenceWatch> silence_;
  std::unique_ptr<LiveEngine> engine_;
  bool engine_runs_ = false;  // until then the store's writer is ours
  Transport transport_;       // of alerts
  std::unique_ptr<Alerting> alerting_;
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<connectors::net::HttpServer> http_;

  std::mutex reload_mutex_;        // one at a time; before mutex_
  rules::FileCache rule_files_;    // of reloads
  std::chrono::sys_days today_{};  // as of which filters have ended
  engine::EventTime end_filters_again_{};

  mutable std::mutex mutex_;
  std::shared_ptr<const rules::Loaded> loaded_;
  std::shared_ptr<const engine::Accounts> accounts_;
  ReloadFacts reload_status_;
  std::vector<Config::Sink> sinks_;  // as of the last reload that went well, like the routes
  std::vector<alerts::Route> routes_of_alerts_;
  std::map<std::string, std::uint64_t> account_signals_;  // opened since the start, by account that they named then
  std::uint64_t account_signals_left_out_ = 0;
  bool stopping_ = false;
  FileStamp stamp_;  // of all that reload() reads
};

}  // namespace tripline::app
