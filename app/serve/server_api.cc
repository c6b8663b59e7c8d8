// What a Server tells of itself, and what the API may do with it.
#include <utility>

#include "app/serve/api_routes.h"
#include "app/serve/basic_routes.h"
#include "app/serve/metrics.h"
#include "app/serve/outbox_routes.h"
#include "app/serve/server.h"
#include "app/serve/server_options.h"
#include "app/serve/silence_doubts.h"
#include "app/serve/silence_record.h"

namespace tripline::app {

using engine::ErrorCode;
using engine::Result;

namespace {

Result<void> stopped() { return engine::fail(ErrorCode::kIo, "the server stops"); }

}  // namespace

Result<void> Server::watch_silence() {
  silence_ = std::make_unique<SilenceWatch>(silence_options(config_), started_, [this](const std::string& value) {
    Result<void> done = stopped();
    engine_->run_on_state_thread([&] { done = store_->database().put_mark({SilenceWatch::kMark, value}); });
    return done;
  });
  const auto mark = store_->database().read().meta(SilenceWatch::kMark);
  if (!mark) return mark.error();
  return *mark ? silence_->restore(**mark) : Result<void>();
}

Result<void> Server::tick() {
  const engine::EventTime now = clock_.now();
  auto looked = silence_->look(engine_->status(), now);
  silence_->tell(now, [&](const Silent& one) {
    return intake_->offer(silence_delivery(one), now, {}) == connectors::Intake::Offer::kTaken;
  });
  auto ended = end_filters(now);
  return looked ? ended : looked;
}

Result<bool> Server::add_note(const engine::Digest& signal, const Note& note) {
  Result<bool> done = stopped().error();
  engine_->run_on_state_thread([&] {
    done = store_->database().add_note({signal, static_cast<std::int64_t>(note.kind), note.at, note.by, note.comment});
  });
  return done;
}

std::vector<Route> Server::routes_of_api() {
  auto routes = basic_routes([this] { return not_ready(); }, [this] { return reload(); });
  routes.push_back(metrics_route([this] { return facts(); }));
  ApiParts parts;
  parts.store_path = store_path();
  parts.facts = [this] { return facts(); };
  parts.now = [this] { return clock_.now(); };
  parts.accounts = [this] { return accounts(); };
  parts.add_note = [this](const engine::Digest& signal, const Note& note) { return add_note(signal, note); };
  for (Route& route : api_routes(std::move(parts))) routes.push_back(std::move(route));
  for (Route& route : outbox_routes(outbox_parts())) routes.push_back(std::move(route));
  for (Route& route : silence_routes(silence_parts())) routes.push_back(std::move(route));
  return routes;
}

OutboxParts Server::outbox_parts() {
  return {.store_path = store_path(),
          .now = [this] { return clock_.now(); },
          .status = [this] { return alerting_->status(); },
          .retry = [this](const DeliverySelection& which) { return alerting_->retry(which); },
          .drop = [this](const DeliverySelection& which) { return alerting_->drop(which); },
          .attempts = [this](const std::vector<alerts::OutboxEntry>& entries) { return alerting_->attempts(entries); }};
}

SilenceParts Server::silence_parts() {
  using alerts::Router;
  return {.now = [this] { return clock_.now(); },
          .all = [this] { return alerting_->silences(); },
          .put =
              [this](const alerts::Silence& silence) {
                return alerting_->change(
                    [&](Router& router, engine::EventTime now) { return router.silence(silence, now); });
              },
          .end =
              [this](const std::string& id) {
                return alerting_->change(
                    [&](Router& router, engine::EventTime now) { return router.end_silence(id, now); });
              },
          .doubts = [this](const alerts::Silence& silence) { return silence_doubts(silence.match, *loaded()->rules); }};
}

/// On the thread of Routes alone.
ServerFacts Server::facts() {
  ServerFacts facts;
  facts.version = TRIPLINE_VERSION;
  facts.now = clock_.now();
  facts.started = started_;
  facts.clock_step = clock_.step();
  facts.not_ready = not_ready();
  facts.live = engine_->status();
  facts.rules = engine_->rules();
  facts.loaded = loaded();
  facts.last_seen = silence_->last_seen();
  facts.silent = silence_->silent(facts.now);
  facts.intake = facts_of(*intake_);
  facts.ways = ways_in_->counters().rows();
  facts.unread_attributes = ways_in_->counters().unread_attributes();
  facts.http = facts_of(http_->counters());
  facts.refused_calls = routes_->refused();
  if (const auto reader = engine::store::Reader::open(store_path())) {
    if (const auto sizes = reader->sizes()) facts.store = *sizes;
  }
  facts.free_disk_bytes = free_disk_bytes(config_.store.path);
  engine_->run_on_state_thread([&] {
    facts.forgotten_early = store_->forgotten_early();
    facts.forgotten_deliveries = store_->database().outbox().forgotten();
  });
  facts.alerts = alerting_->status();
  facts.alerts_http = facts_of(transport_.http());
  facts.process = read_process_facts();
  const std::lock_guard lock(mutex_);
  facts.account_signals = account_signals_;
  facts.account_signals_left_out = account_signals_left_out_;
  facts.reload = reload_status_;
  return facts;
}

}  // namespace tripline::app
