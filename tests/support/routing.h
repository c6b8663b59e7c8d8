#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/delivery.h"
#include "alerts/router.h"
#include "engine/signal.h"

namespace tripline::tests {

/// What routing looks at in a signal.
struct MadeSignal {
  std::string rule = "rule";
  engine::Level level = engine::Level::kHigh;
  std::vector<std::string> group{"alice"};
  int period = 0;  // hours after noon of 2026-01-15
  bool continues = false;
  std::vector<std::string> accounts{"111122223333"};
  std::vector<std::string> tags{};
  std::string outcome = "success";
  std::string kind = "human";
  bool dry_run = false;
};
std::shared_ptr<engine::Signal> made(const MadeSignal& as);

/// 2026-01-15T12:00:00Z.
engine::EventTime noon();

alerts::RoutedSink sink(std::string_view name, std::string_view kind);
/// Without routes: the default one.
alerts::Router::Options routing_options(std::vector<alerts::RoutedSink> sinks, std::vector<alerts::Route> routes = {});

/// A Router as a server has it: with the rows of each step put where the next process finds them.
class RoutingServer {
 public:
  explicit RoutingServer(alerts::Router::Options options);

  /// The next transition; what is due is told, too.
  std::vector<alerts::Delivery> change(std::shared_ptr<const engine::Signal> signal, alerts::Change change,
                                       engine::EventTime now, bool goes_on = false);
  std::vector<alerts::Delivery> step(std::vector<alerts::SignalChange> changes, engine::EventTime now);
  /// What is due until then, at its time.
  std::vector<alerts::Delivery> until(engine::EventTime now);
  void restart();

  alerts::Router& router() { return *router_; }
  const std::map<std::string, std::string>& rows() const { return rows_; }
  std::uint64_t routed(alerts::Routed routed) const;
  /// Takes in what is to be durable.
  std::vector<alerts::Delivery> keep(alerts::RoutingStep step);

 private:
  alerts::Router::Options options_;
  std::unique_ptr<alerts::Router> router_;
  std::map<std::string, std::string> rows_;
  std::uint64_t number_ = 0;
};

/// Of what the deliveries tell: how many signals, listed or counted.
std::uint64_t signals_in(const std::vector<alerts::Delivery>& deliveries);

/// `chat: opened alice` and so on, a line each: what deliveries say to whom.
std::string told(const std::vector<alerts::Delivery>& deliveries, const std::vector<std::shared_ptr<engine::Signal>>&);

}  // namespace tripline::tests
