#include "app/serve/server_facts.h"

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

IntakeFacts facts_of(const connectors::Intake& intake) {
  return {.bytes = intake.bytes(),
          .max_bytes = intake.max_bytes(),
          .deliveries = intake.deliveries(),
          .oldest = intake.oldest()};
}

}  // namespace tripline::app
