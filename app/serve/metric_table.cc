#include "app/serve/metric_table.h"

#include <utility>

#include "app/arguments.h"
#include "app/printable.h"
#include "engine/utf8.h"

namespace tripline::app {

namespace {

std::string label_text(std::string_view value) {
  // Bytes of a character that this cuts are cut off again, as escapes are no shorter than what they stand for.
  const std::string shown = printable(value.substr(0, MetricSamples::kMostLabel + 4));
  return std::string(engine::cut_utf8(shown, MetricSamples::kMostLabel));
}

}  // namespace

MetricSamples::MetricSamples(prometheus::MetricType type, std::string_view labels)
    : type_(type), names_(labels.empty() ? std::vector<std::string>{} : split_commas(labels)) {}

void MetricSamples::add(std::initializer_list<std::string_view> labels, double value) {
  prometheus::ClientMetric metric;
  auto name = names_.begin();
  for (const std::string_view label : labels) {
    if (name == names_.end()) break;
    metric.label.push_back({*name++, label_text(label)});
  }
  if (metrics_.size() >= kMostSeries || !known_.insert(metric.label).second) {
    ++left_out_;
    return;
  }
  (type_ == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  metrics_.push_back(std::move(metric));
}

void MetricSamples::add(const Histogram& histogram) {
  prometheus::ClientMetric metric;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < Histogram::kBounds.size(); ++i) {
    below += histogram.counts[i];
    metric.histogram.bucket.push_back({below, Histogram::kBounds[i]});
  }
  metric.histogram.sample_count = histogram.count();
  metric.histogram.sample_sum = histogram.sum;
  metrics_.push_back(std::move(metric));
}

double unix_seconds(engine::EventTime time) { return static_cast<double>(time.time_since_epoch().count()) / 1000; }

double seconds_between(engine::EventTime from, engine::EventTime to) {
  return to > from ? unix_seconds(to) - unix_seconds(from) : 0;
}

}  // namespace tripline::app
