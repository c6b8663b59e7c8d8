#include "app/serve/metric_table.h"

namespace tripline::app {

namespace {

using alerts::SinkStatus;
using prometheus::MetricType;

template <std::uint64_t SinkStatus::*Member>
void sink(const ServerFacts& facts, MetricSamples& out) {
  for (const SinkStatus& one : facts.alerts.sinks) out.add({one.name}, one.*Member);
}
template <std::uint64_t alerts::Router::Status::*Member>
void routing(const ServerFacts& facts, MetricSamples& out) {
  out.add({}, facts.alerts.routing.*Member);
}

constexpr MetricRow kRows[] = {
    {"tripline_sink_deliveries_total", MetricType::Counter, "sink,outcome",
     "Deliveries that ended: delivered, parked (refused, overdue, full) or gone (forgotten, dropped)",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const SinkStatus& one : facts.alerts.sinks) {
         for (std::size_t i = 0; i < one.ends.size(); ++i) {
           out.add({one.name, alerts::kDeliveryEnds[i].label}, one.ends[i]);
         }
       }
     }},
    {"tripline_sink_retries_total", MetricType::Counter, "sink", "Attempts of deliveries that failed and are repeated",
     &sink<&SinkStatus::retries>},
    {"tripline_sink_delivery_seconds", MetricType::Histogram, "sink",
     "From the moment that a delivery is written to the one that its receiver has taken it",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const SinkStatus& one : facts.alerts.sinks) out.add({one.name}, one.took);
     }},
    {"tripline_sink_waiting", MetricType::Gauge, "sink", "Deliveries that are not delivered yet",
     &sink<&SinkStatus::waiting>},
    {"tripline_sink_oldest_seconds", MetricType::Gauge, "sink",
     "Age of the oldest delivery that is not delivered yet; 0 when there is none",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const SinkStatus& one : facts.alerts.sinks) {
         out.add({one.name}, one.oldest ? seconds_between(*one.oldest, facts.now) : 0);
       }
     }},
    {"tripline_sink_parked", MetricType::Gauge, "sink",
     "Deliveries that are not tried again unless somebody says so (tripline outbox)", &sink<&SinkStatus::parked>},
    {"tripline_sink_under_way", MetricType::Gauge, "sink", "Attempts under way", &sink<&SinkStatus::under_way>},
    {"tripline_sink_open", MetricType::Gauge, "sink",
     "1: the circuit breaker is open, as the sink has failed several times in a row",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const SinkStatus& one : facts.alerts.sinks) out.add({one.name}, std::uint64_t{one.open});
     }},
    {"tripline_sink_failures", MetricType::Gauge, "sink", "Failures of the sink in a row",
     &sink<&SinkStatus::failures>},
    {"tripline_sink_refreshed_total", MetricType::Counter, "sink",
     "Open signals told again to a sink that forgets what it is not told again", &sink<&SinkStatus::refreshed>},
    {"tripline_sink_firing", MetricType::Gauge, "sink", "Open signals that such a sink is told again",
     &sink<&SinkStatus::firing>},
    {"tripline_sink_firing_left_out_total", MetricType::Counter, "sink",
     "Open signals that such a sink is not told again, as they are too many", &sink<&SinkStatus::firing_given_up>},
    {"tripline_outbox_stranded", MetricType::Gauge, "",
     "Deliveries, parked, for sinks that are not configured any more",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, stranded_deliveries(facts.alerts)); }},
    {"tripline_outbox_forgotten_total", MetricType::Counter, "", "Parked deliveries that went with their signals",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.forgotten_deliveries); }},
    {"tripline_routed_changes_total", MetricType::Counter, "outcome",
     "What came of changes of signals: counted for each sink that one is for, once where it is for none",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& row : alerts::kRouted) {
         out.add({row.name}, facts.alerts.routing.routed[static_cast<std::size_t>(row.routed)]);
       }
     }},
    {"tripline_routing_behind", MetricType::Gauge, "", "Changes of signals that are not routed yet",
     [](const ServerFacts& facts, MetricSamples& out) {
       const std::uint64_t last = facts.live.last_transition, routed = facts.alerts.routed;
       out.add({}, last > routed ? last - routed : std::uint64_t{0});
     }},
    {"tripline_routing_failures_total", MetricType::Counter, "",
     "Times that routing or the outbox could not use the store, and tried again",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.alerts.failed_turns); }},
    {"tripline_routing_batches", MetricType::Gauge, "", "Messages of several changes that wait for more",
     &routing<&alerts::Router::Status::batches>},
    {"tripline_routing_batched_changes", MetricType::Gauge, "", "Changes in them",
     &routing<&alerts::Router::Status::waiting>},
    {"tripline_routing_noisy_rules", MetricType::Gauge, "", "Rules that are told as a digest",
     &routing<&alerts::Router::Status::noisy_rules>},
    {"tripline_routing_threads_left_out_total", MetricType::Counter, "",
     "Groups that routing forgot before their time, as there were too many: they are told anew, and not closed",
     &routing<&alerts::Router::Status::threads_given_up>},
    {"tripline_silences_active", MetricType::Gauge, "", "Silences in force",
     &routing<&alerts::Router::Status::active_silences>},
    {"tripline_alerts_requests_total", MetricType::Counter, "", "HTTP requests to receivers",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.alerts_http.requests); }},
    {"tripline_alerts_request_failures_total", MetricType::Counter, "failure", "Of them without an answer, by why",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [label, count] : facts.alerts_http.failures) out.add({label}, count);
     }},
    {"tripline_alerts_refused_addresses_total", MetricType::Counter, "",
     "Addresses that requests may not go to, and did not",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.alerts_http.refused_addresses); }},
    {"tripline_alerts_answers_cut_total", MetricType::Counter, "", "Answers that were longer than is read of them",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.alerts_http.cut_answers); }},
};

}  // namespace

std::span<const MetricRow> sink_metrics() { return kRows; }

}  // namespace tripline::app
