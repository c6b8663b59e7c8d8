#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>

#include "app/serve/server_facts.h"
#include "engine/histogram.h"

namespace tripline::app {

class MetricSamples;

/// One family of metrics: everything that is shown, documented (docs/metrics.md) and tested of it comes from its row.
struct MetricRow {
  std::string_view name;
  prometheus::MetricType type;
  std::string_view labels;  // their names, with commas
  std::string_view help;    // one sentence without a full stop; no backslash, as HELP is written as it is
  void (*read)(const ServerFacts& facts, MetricSamples& out);
};

// Parts of the table, one a file.
std::span<const MetricRow> intake_metrics();
std::span<const MetricRow> engine_metrics();
std::span<const MetricRow> rule_metrics();
std::span<const MetricRow> sink_metrics();
std::span<const MetricRow> server_metrics();

/// Gathers the series of one family. Labels may come from records that anybody wrote: a label is made safe to show and
/// cut to kMostLabel bytes, there are kMostSeries series at most, and none twice, as Prometheus refuses everything when
/// one series is there twice. What is left out for it is counted.
class MetricSamples {
 public:
  static constexpr std::size_t kMostSeries = 4096;
  static constexpr std::size_t kMostLabel = 128;

  /// `labels`: as in MetricRow.
  MetricSamples(prometheus::MetricType type, std::string_view labels);

  /// Values of the labels, in the row's order. A value that is empty is as good as no label.
  void add(std::initializer_list<std::string_view> labels, double value);
  void add(std::initializer_list<std::string_view> labels, std::uint64_t value) {
    add(labels, static_cast<double>(value));
  }
  void add(const engine::Histogram& histogram) { add({}, histogram); }
  void add(std::initializer_list<std::string_view> labels, const engine::Histogram& histogram);

  std::size_t left_out() const { return left_out_; }
  std::vector<prometheus::ClientMetric> take() { return std::move(metrics_); }

 private:
  /// Where its value is to go; null: it is left out.
  prometheus::ClientMetric* series(std::initializer_list<std::string_view> labels);

  prometheus::MetricType type_;
  std::vector<std::string> names_;
  std::vector<prometheus::ClientMetric> metrics_;
  std::set<std::vector<prometheus::ClientMetric::Label>> known_;
  std::size_t left_out_ = 0;
};

/// Seconds since 1970, as Prometheus wants moments.
double unix_seconds(engine::EventTime time);
/// From one moment to a later one; 0 when it is no later.
double seconds_between(engine::EventTime from, engine::EventTime to);

}  // namespace tripline::app
