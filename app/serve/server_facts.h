#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/serve/alerts_status.h"
#include "app/serve/last_seen.h"
#include "app/serve/live_status.h"
#include "app/serve/process_facts.h"
#include "app/serve/rule_tally.h"
#include "app/serve/silence.h"
#include "connectors/net/way_counters.h"
#include "engine/store/reader.h"
#include "rules/loader.h"

namespace tripline::alerts {
class HttpClient;
}
namespace tripline::connectors {
class Intake;
}
namespace tripline::connectors::net {
struct HttpCounters;
}

namespace tripline::app {

/// Of an HttpServer: its counters at one moment.
struct HttpFacts {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;  // heads read
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  std::array<std::uint64_t, 6> answers{};                          // by the status's first digit
  std::vector<std::pair<std::string_view, std::uint64_t>> ends{};  // by label; without an answer of a service
  std::uint64_t open_connections = 0;
  std::uint64_t open_requests = 0;
  std::uint64_t body_bytes = 0;
};

HttpFacts facts_of(const connectors::net::HttpCounters& counters);

/// Of the requests to receivers.
struct AlertsHttpFacts {
  std::uint64_t requests = 0;
  std::uint64_t refused_addresses = 0;
  std::uint64_t cut_answers = 0;
  std::vector<std::pair<std::string_view, std::uint64_t>> failures{};  // by label; those that were answered excepted
};
AlertsHttpFacts facts_of(const alerts::HttpClient& client);

struct IntakeFacts {
  std::uint64_t bytes = 0;
  std::uint64_t max_bytes = 0;
  std::uint64_t deliveries = 0;
  std::optional<engine::EventTime> oldest;  // intake time of the oldest delivery that is not settled
};
IntakeFacts facts_of(const connectors::Intake& intake);

/// What became of reloads.
struct ReloadFacts {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t unchanged = 0;
  std::string error;  // of the last one; empty: it went well, or there was none
  std::optional<engine::EventTime> at;
};

/// Everything that a running server tells of itself, at one moment: what metrics and the API show comes from here
/// alone. Counters count since the start. Copied, so that nobody waits while it is shown.
struct ServerFacts {
  std::string version;
  engine::EventTime now;      // the server's clock (app/serve/clock.h)
  engine::EventTime started;  // likewise
  std::chrono::milliseconds clock_step{0};
  std::string not_ready;  // why; empty: it is

  LiveStatus live;
  std::map<std::string, RuleStatus> rules;               // by id
  std::map<std::string, std::uint64_t> account_signals;  // opened, by account; LiveStatus::kMostPlaces at most
  std::uint64_t account_signals_left_out = 0;            // those of further accounts
  std::shared_ptr<const rules::Loaded> loaded;           // null: not known
  LastSeen last_seen;
  std::vector<Silent> silent;

  IntakeFacts intake;
  std::vector<connectors::net::WayCounters::Row> ways;
  std::uint64_t unread_attributes = 0;
  HttpFacts http;
  std::uint64_t refused_calls = 0;  // Routes::refused()

  AlertsStatus alerts;
  std::uint64_t forgotten_deliveries = 0;  // parked ones, with their signals
  AlertsHttpFacts alerts_http;

  std::optional<engine::store::Sizes> store;  // nothing: it could not be read
  std::uint64_t free_disk_bytes = 0;          // where the store is
  std::uint64_t forgotten_early = 0;          // SqliteStore::forgotten_early()
  ReloadFacts reload;
  ProcessFacts process;
};

}  // namespace tripline::app
