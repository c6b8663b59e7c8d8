#include "app/serve/metrics.h"

#include <sstream>
#include <utility>

#include <prometheus/text_serializer.h>

namespace tripline::app {

namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

// The one family that is about the others.
constexpr MetricRow kLeftOut = {"tripline_metric_series_left_out", MetricType::Gauge, "metric",
                                "Series of a metric that this answer lacks, as there are too many or they look alike",
                                nullptr};

std::string_view name_of(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "gauge";
  }
}

}  // namespace

std::vector<const MetricRow*> metric_rows() {
  std::vector<const MetricRow*> rows;
  for (const auto part : {intake_metrics(), engine_metrics(), rule_metrics(), sink_metrics(), server_metrics()}) {
    for (const MetricRow& row : part) rows.push_back(&row);
  }
  rows.push_back(&kLeftOut);
  return rows;
}

std::string metrics_text(const ServerFacts& facts) {
  std::vector<MetricFamily> families;
  MetricSamples left_out(kLeftOut.type, kLeftOut.labels);
  for (const MetricRow* row : metric_rows()) {
    MetricSamples samples(row->type, row->labels);
    if (row->read != nullptr) {
      row->read(facts, samples);
      if (samples.left_out() > 0) left_out.add({row->name}, std::uint64_t{samples.left_out()});
    }
    families.push_back({std::string(row->name), std::string(row->help), row->type,
                        row == &kLeftOut ? left_out.take() : samples.take()});
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

std::string metrics_page() {
  std::string page =
      "# Metrics\n\n"
      "`GET /metrics` answers in Prometheus' text format 0.0.4, without a token. Counters begin at 0 with the process, "
      "and\n"
      "everything is as of the last commit. Labels are rules, sources, accounts and regions, and words of ours; a "
      "metric has 4,096\n"
      "series at most, and a label 128 bytes. This page is written from the tables in `app/serve/metrics_*.cc`; a test "
      "holds it\n"
      "to them, and writes it anew when it is run with `REGENERATE=1`.\n\n"
      "| metric | type | labels | says |\n|---|---|---|---|\n";
  for (const MetricRow* row : metric_rows()) {
    page += "| `" + std::string(row->name) + "` | " + std::string(name_of(row->type)) + " | " +
            std::string(row->labels) + " | " + std::string(row->help) + " |\n";
  }
  return page;
}

Route metrics_route(std::function<ServerFacts()> facts) {
  return {"GET", "/metrics", Access::kOpen,
          [facts = std::move(facts)](const connectors::net::HttpRequest&, const std::vector<std::string>&) {
            return connectors::net::HttpResponse{.body = metrics_text(facts()),
                                                 .content_type = "text/plain; version=0.0.4"};
          }};
}

}  // namespace tripline::app
