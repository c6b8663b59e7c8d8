#include "tests/support/routing.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tripline::tests {

engine::EventTime noon() { return *engine::parse_time("2026-01-15T12:00:00Z"); }

std::shared_ptr<engine::Signal> made(const MadeSignal& as) {
  auto rules = std::make_shared<engine::RuleSet>();
  engine::Rule& rule = rules->detections.emplace_back().rule;
  rule.id = as.rule;
  rule.title = "Title of " + as.rule;
  rule.level = as.level;
  rule.tags = as.tags;
  rule.dry_run = as.dry_run;
  auto signal = std::make_shared<engine::Signal>();
  signal->rules = rules;
  signal->group = as.group;
  signal->period_start = noon() + std::chrono::hours{as.period};
  signal->closes_at = signal->period_start + std::chrono::hours{1};
  signal->id = engine::signal_id(as.rule, as.group, signal->period_start);
  if (as.continues) {
    signal->continues = engine::signal_id(as.rule, as.group, signal->period_start - std::chrono::hours{1});
  }
  signal->first = signal->last = signal->period_start;
  signal->triggers = 1;
  auto event = std::make_shared<engine::Evidence>();
  event->time = signal->first;
  event->event_name = "AttachUserPolicy";
  event->outcome = as.outcome;
  event->actor = as.group.empty() ? "" : as.group.front();
  event->actor_principal = "arn:aws:iam::111122223333:user/" + event->actor;
  event->actor_kind = as.kind;
  for (const std::string& account : as.accounts) {
    event->account = account;
    event->event_id = account;
    engine::show(*signal, std::make_shared<engine::Evidence>(*event));
  }
  engine::count(*signal, event->event_name, event->outcome, "");
  return signal;
}

alerts::RoutedSink sink(std::string_view name, std::string_view kind) {
  return {std::string(name), alerts::find_sink_kind(kind)};
}

alerts::Router::Options routing_options(std::vector<alerts::RoutedSink> sinks, std::vector<alerts::Route> routes) {
  if (routes.empty()) routes = {alerts::default_route(sinks)};
  return {.routes = std::move(routes), .sinks = std::move(sinks)};
}

RoutingServer::RoutingServer(alerts::Router::Options options) : options_(std::move(options)) { restart(); }

void RoutingServer::restart() {
  std::vector<alerts::RoutingRow> rows;
  for (const auto& [key, blob] : rows_) rows.push_back({key, blob});
  const std::uint64_t position = router_ == nullptr ? 0 : router_->position();
  router_ = std::make_unique<alerts::Router>(options_);
  if (auto restored = router_->restore(position, rows); !restored) throw std::runtime_error(restored.error().message);
}

std::vector<alerts::Delivery> RoutingServer::keep(alerts::RoutingStep step) {
  for (auto& row : step.rows) {
    if (row.blob) {
      rows_[row.key] = *row.blob;
    } else {
      rows_.erase(row.key);
    }
  }
  return std::move(step.deliveries);
}

std::vector<alerts::Delivery> RoutingServer::step(std::vector<alerts::SignalChange> changes, engine::EventTime now) {
  for (auto& change : changes) change.number = ++number_;
  return keep(router_->step(changes, nullptr, now));
}

std::vector<alerts::Delivery> RoutingServer::change(std::shared_ptr<const engine::Signal> signal, alerts::Change change,
                                                    engine::EventTime now, bool goes_on) {
  return step({{.change = change, .signal = std::move(signal), .goes_on = goes_on}}, now);
}

std::vector<alerts::Delivery> RoutingServer::until(engine::EventTime now) {
  std::vector<alerts::Delivery> all;
  while (router_->next() <= now) {
    auto some = step({}, router_->next());
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::uint64_t RoutingServer::routed(alerts::Routed routed) const {
  return router_->status(noon()).routed[static_cast<std::size_t>(routed)];
}

std::uint64_t signals_in(const std::vector<alerts::Delivery>& deliveries) {
  std::uint64_t all = 0;
  for (const alerts::Delivery& delivery : deliveries) all += delivery.members.size() + delivery.more;
  return all;
}

std::string told(const std::vector<alerts::Delivery>& deliveries,
                 const std::vector<std::shared_ptr<engine::Signal>>& signals) {
  std::string all;
  for (const auto& delivery : deliveries) {
    all += (all.empty() ? "" : "; ") + delivery.sink + ":";
    for (const auto& member : delivery.members) {
      const auto at = std::find_if(signals.begin(), signals.end(),
                                   [&](const auto& signal) { return engine::from_hex(signal->id) == member.signal; });
      all += " " + std::string(name_of(member.change)) + " " + (at == signals.end() ? "?" : (*at)->group.front());
    }
    if (delivery.more > 0) all += " and " + std::to_string(delivery.more) + " more";
    if (!delivery.reason.empty()) all += " (" + delivery.reason + ")";
  }
  return all;
}

}  // namespace tripline::tests
