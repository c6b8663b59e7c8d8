#include <algorithm>
#include <utility>

#include "app/serve/metric_table.h"

namespace tripline::app {

namespace {

using prometheus::MetricType;

// In the order of connectors::kSkippedRows.
constexpr std::string_view kSkippedKinds[] = {"digest",       "control_message", "test_event",
                                              "notification", "aggregated",      "empty"};
static_assert(std::size(kSkippedKinds) == std::size(connectors::kSkippedRows));

std::string_view label_of(connectors::net::Way way) {
  return connectors::net::kWays[static_cast<std::size_t>(way)].label;
}
std::string_view label_of(connectors::net::WayOutcome outcome) {
  return connectors::net::kWayOutcomes[static_cast<std::size_t>(outcome)].label;
}

/// One number of each source.
template <std::uint64_t SourceStatus::*Member>
void by_source(const ServerFacts& facts, MetricSamples& out) {
  for (const auto& [name, source] : facts.live.sources) out.add({name}, source.*Member);
}

std::uint64_t malformed(const SourceStatus& source) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : source.set_aside) all += count;
  return all;
}

void events(const ServerFacts& facts, MetricSamples& out) {
  for (const auto& [name, source] : facts.live.sources) {
    out.add({name, "accepted"}, source.records - std::min(source.duplicates, source.records));
    out.add({name, "duplicate"}, source.duplicates);
    out.add({name, "malformed"}, malformed(source));
  }
}

constexpr MetricRow kRows[] = {
    {"tripline_requests_total", MetricType::Counter, "way,source,outcome",
     "Requests that bring events, by what became of them",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& row : facts.ways) out.add({label_of(row.way), row.source, label_of(row.outcome)}, row.requests);
     }},
    {"tripline_request_bytes_total", MetricType::Counter, "way,source,outcome", "Bytes of their bodies, inflated",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& row : facts.ways) out.add({label_of(row.way), row.source, label_of(row.outcome)}, row.bytes);
     }},
    {"tripline_firehose_unread_attributes_total", MetricType::Counter, "",
     "Firehose deliveries taken although their common attributes could not be read",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.unread_attributes); }},
    {"tripline_intake_bytes", MetricType::Gauge, "", "Bodies taken that are not durable yet",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.intake.bytes); }},
    {"tripline_intake_limit_bytes", MetricType::Gauge, "", "How many bytes the intake takes before it refuses",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.intake.max_bytes); }},
    {"tripline_intake_deliveries", MetricType::Gauge, "", "Deliveries taken that are not durable yet",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.intake.deliveries); }},
    {"tripline_intake_oldest_seconds", MetricType::Gauge, "",
     "How long the oldest delivery that is not durable has waited; 0: there is none",
     [](const ServerFacts& facts, MetricSamples& out) {
       out.add({}, facts.intake.oldest ? seconds_between(*facts.intake.oldest, facts.now) : 0);
     }},
    {"tripline_deliveries_total", MetricType::Counter, "source,outcome",
     "Deliveries that became durable, or failed and must come again",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [name, source] : facts.live.sources) {
         out.add({name, "durable"}, source.durable);
         out.add({name, "failed"}, source.failed);
       }
     }},
    {"tripline_events_total", MetricType::Counter, "source,outcome",
     "Events of durable deliveries: accepted; duplicate, as they were among the last half million; malformed, which "
     "went to the dead letters",
     &events},
    {"tripline_events_dismissed_total", MetricType::Counter, "source",
     "Of them, those accepted or duplicate that no rule can match, so that they were not parsed",
     &by_source<&SourceStatus::dismissed>},
    {"tripline_events_malformed_total", MetricType::Counter, "source,reason", "Malformed events by reason",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [name, source] : facts.live.sources) {
         for (std::size_t i = 0; i < source.set_aside.size(); ++i) {
           if (source.set_aside[i] > 0) out.add({name, engine::kErrorCodes[i].label}, source.set_aside[i]);
         }
       }
     }},
    {"tripline_no_events_total", MetricType::Counter, "source,kind",
     "Things in deliveries that are known and are no events",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [name, source] : facts.live.sources) {
         for (std::size_t i = 0; i < source.skipped.size(); ++i) {
           if (source.skipped[i] > 0) out.add({name, kSkippedKinds[i]}, source.skipped[i]);
         }
       }
     }},
    {"tripline_delivered_bytes_total", MetricType::Counter, "source", "Bytes of durable deliveries as they came",
     &by_source<&SourceStatus::stored_bytes>},
    {"tripline_inflated_bytes_total", MetricType::Counter, "source", "Bytes of durable deliveries, inflated",
     &by_source<&SourceStatus::inflated_bytes>},
    {"tripline_source_last_delivery_timestamp_seconds", MetricType::Gauge, "source",
     "When the last durable delivery came in",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [name, source] : facts.live.sources) {
         if (source.last_delivery) out.add({name}, unix_seconds(*source.last_delivery));
       }
     }},
    {"tripline_source_newest_event_timestamp_seconds", MetricType::Gauge, "source",
     "eventTime of the newest event looked at",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [name, source] : facts.live.sources) {
         if (source.newest_event) out.add({name}, unix_seconds(*source.newest_event));
       }
     }},
    {"tripline_source_lag_seconds", MetricType::Gauge, "source",
     "From the eventTime of the newest event to the last delivery",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [name, source] : facts.live.sources) {
         if (source.newest_event && source.last_delivery) {
           out.add({name}, seconds_between(*source.newest_event, *source.last_delivery));
         }
       }
     }},
    {"tripline_source_silent_seconds", MetricType::Gauge, "source",
     "Since the last delivery, also before a restart; a source is forgotten after silence.forget",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [who, at] : facts.last_seen.all()) {
         if (who.first == LastSeen::Kind::kSource) out.add({who.second}, seconds_between(at, facts.now));
       }
     }},
    {"tripline_account_silent_seconds", MetricType::Gauge, "account",
     "Since the last delivery with events of that account, likewise",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [who, at] : facts.last_seen.all()) {
         if (who.first == LastSeen::Kind::kAccount) out.add({who.second}, seconds_between(at, facts.now));
       }
     }},
    {"tripline_silence_seconds", MetricType::Gauge, "kind,name",
     "For how long a source or account has been silent beyond silence.after, or beyond what is expected of it",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const Silent& one : facts.silent)
         out.add({label_of(one.kind), one.name}, seconds_between(one.from, facts.now));
     }},
    {"tripline_account_lag_seconds", MetricType::Gauge, "account,region",
     "From the eventTime of the newest event looked at to the last delivery with events from there",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [place, status] : facts.live.places) {
         if (status.newest_event) {
           out.add({place.first, place.second}, seconds_between(*status.newest_event, status.last_seen));
         }
       }
     }},
    {"tripline_accounts_left_out_total", MetricType::Counter, "",
     "Sightings of accounts and regions that are not shown because there are too many",
     [](const ServerFacts& facts, MetricSamples& out) {
       out.add({}, facts.live.places_left_out + facts.last_seen.left_out());
     }},
};

}  // namespace

std::span<const MetricRow> intake_metrics() { return kRows; }

}  // namespace tripline::app
