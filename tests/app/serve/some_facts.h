#pragma once

#include <memory>
#include <string>

#include "app/serve/server_facts.h"

namespace tripline::app {

/// Facts with something in every member, so that every metric has a series.
inline ServerFacts some_facts() {
  using std::chrono::minutes;
  using std::chrono::seconds;
  constexpr engine::EventTime kNow{std::chrono::hours{500'000}};
  ServerFacts facts;
  facts.version = "1.2.3";
  facts.now = kNow;
  facts.started = kNow - minutes{90};
  facts.clock_step = std::chrono::milliseconds{-1500};
  auto& live = facts.live;
  SourceStatus& source = live.sources["org"];
  source.durable = 7;
  source.failed = 1;
  source.records = 100;
  source.duplicates = 4;
  source.dismissed = 60;
  source.stored_bytes = 1000;
  source.inflated_bytes = 9000;
  source.set_aside[0] = 2;
  source.skipped[1] = 3;
  source.last_delivery = kNow - seconds{10};
  source.newest_event = kNow - seconds{130};
  live.places[{"111122223333", "eu-west-1"}] = {.last_seen = kNow - seconds{10}, .newest_event = kNow - seconds{130}};
  live.watermark = kNow - minutes{30};
  live.commits = 12;
  live.arrival_seconds.add(0.2);
  live.arrival_seconds.add(0.01);
  live.generation = 3;
  live.last_transition = 44;
  facts.rules["one"].counts = {.matches = 5, .taken_away = 3, .signals = 2};
  facts.rules["one"].taken_away["quiet"] = 3;
  facts.rules["many"].held = {.groups = 7, .entries = 30, .learns_until = kNow + minutes{1}};
  facts.account_signals["111122223333"] = 2;
  auto loaded = std::make_shared<rules::Loaded>();
  auto set = std::make_shared<engine::RuleSet>();
  const auto rule = [](std::string id, std::string title, engine::Level level) {
    engine::Rule made;
    made.id = std::move(id);
    made.title = std::move(title);
    made.level = level;
    made.path = "rules/" + made.id + ".yml";
    return made;
  };
  using State = rules::RuleState::State;
  using Kind = rules::RuleState::Kind;
  loaded->states.push_back({.rule = rule("one", "User made", engine::Level::kHigh), .why = ""});
  loaded->states.push_back(
      {.rule = rule("many", "Many \"users\" made", engine::Level::kCritical), .kind = Kind::kCorrelation, .why = ""});
  loaded->states.push_back({.rule = rule("broken", "Broken", engine::Level::kLow),
                            .state = State::kFailed,
                            .why = "the condition names no selection"});
  set->detections.emplace_back().rule = loaded->states[0].rule;
  set->correlations.emplace_back().rule = loaded->states[1].rule;
  loaded->rules = std::move(set);
  facts.loaded = std::move(loaded);
  facts.last_seen.take(live);
  facts.last_seen.saw(LastSeen::Kind::kSource, "gone", kNow - std::chrono::hours{48});
  facts.silent.push_back({.kind = LastSeen::Kind::kSource,
                          .name = "gone",
                          .since = kNow - std::chrono::hours{48},
                          .from = kNow - std::chrono::hours{24}});
  facts.intake = {.bytes = 4096, .max_bytes = 1 << 20, .deliveries = 2, .oldest = kNow - seconds{3}};
  facts.ways.push_back({connectors::net::Way::kFirehose, "org", connectors::net::WayOutcome::kAccepted, 7, 9000});
  facts.http.requests = 11;
  facts.http.answers[2] = 10;
  facts.http.ends = {{"peer_gone", 1}, {"body_timeout", 0}};
  facts.store = engine::store::Sizes{.file_bytes = 65536, .free_bytes = 4096, .wal_bytes = 512, .journal_rows = 6};
  facts.free_disk_bytes = 1 << 30;
  alerts::SinkStatus& sink = facts.alerts.sinks.emplace_back();
  sink.name = "soc";
  sink.waiting = 7;
  sink.parked = 2;
  sink.under_way = 1;
  sink.oldest = kNow - seconds{90};
  sink.failures = 6;
  sink.open = true;
  sink.paused_until = kNow + seconds{20};
  sink.trouble = "soc.example.com: nobody takes the connection";
  sink.ends = {40, 1, 2, 3, 4, 5};
  sink.retries = 17;
  sink.took.add(0.2);
  facts.alerts.stranded.push_back({.sink = "gone", .parked = 3});
  facts.alerts.routed = 42;
  facts.alerts.routing.routed[0] = 50;
  facts.alerts_http = {.requests = 60, .refused_addresses = 1, .cut_answers = 0, .failures = {{"connect", 6}}};
  facts.reload = {.succeeded = 2, .failed = 1, .error = "rules/x.yml:3: no condition", .at = kNow - minutes{1}};
  facts.process = {.cpu_seconds = 1.5,
                   .start_seconds = 1.8e9,
                   .resident_bytes = 1 << 20,
                   .open_files = 9,
                   .max_files = 1024,
                   .threads = 5};
  return facts;
}

}  // namespace tripline::app
