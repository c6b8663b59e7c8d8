#include "app/serve/server_facts.h"

#include "alerts/http_client.h"
#include "connectors/intake.h"
#include "connectors/net/http_counters.h"

namespace tripline::app {

HttpFacts facts_of(const connectors::net::HttpCounters& counters) {
  HttpFacts facts;
  facts.connections = counters.connections;
  facts.requests = counters.requests;
  facts.received_bytes = counters.received_bytes;
  facts.sent_bytes = counters.sent_bytes;
  for (std::size_t i = 0; i < facts.answers.size(); ++i) facts.answers[i] = counters.answers[i];
  for (const auto& row : connectors::net::kHttpEnds) facts.ends.emplace_back(row.label, counters.of(row.end));
  facts.open_connections = counters.open_connections;
  facts.open_requests = counters.open_requests;
  facts.body_bytes = counters.body_bytes;
  return facts;
}

AlertsHttpFacts facts_of(const alerts::HttpClient& client) {
  const auto& counters = client.counters();
  AlertsHttpFacts facts;
  facts.requests = counters.requests;
  facts.refused_addresses = counters.refused_addresses;
  facts.cut_answers = counters.cut_answers;
  for (const auto& row : alerts::kHttpFailures) {
    if (row.failure == alerts::HttpFailure::kNone) continue;
    facts.failures.emplace_back(row.label, counters.failures[static_cast<std::size_t>(row.failure)]);
  }
  return facts;
}

IntakeFacts facts_of(const connectors::Intake& intake) {
  return {.bytes = intake.bytes(),
          .max_bytes = intake.max_bytes(),
          .deliveries = intake.deliveries(),
          .oldest = intake.oldest()};
}

}  // namespace tripline::app
