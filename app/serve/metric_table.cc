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

prometheus::ClientMetric* MetricSamples::series(std::initializer_list<std::string_view> labels) {
  prometheus::ClientMetric metric;
  auto name = names_.begin();
  for (const std::string_view label : labels) {
    if (name == names_.end()) break;
    metric.label.push_back({*name++, label_text(label)});
  }
  if (metrics_.size() >= kMostSeries || !known_.insert(metric.label).second) {
    ++left_out_;
    return nullptr;
  }
  metrics_.push_back(std::move(metric));
  return &metrics_.back();
}

void MetricSamples::add(std::initializer_list<std::string_view> labels, double value) {
  auto* one = series(labels);
  if (one == nullptr) return;
  (type_ == prometheus::MetricType::Counter ? one->counter.value : one->gauge.value) = value;
}

void MetricSamples::add(std::initializer_list<std::string_view> labels, const engine::Histogram& histogram) {
  auto* one = series(labels);
  if (one == nullptr) return;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < engine::Histogram::kBounds.size(); ++i) {
    below += histogram.counts[i];
    one->histogram.bucket.push_back({below, engine::Histogram::kBounds[i]});
  }
  one->histogram.sample_count = histogram.count();
  one->histogram.sample_sum = histogram.sum;
}

double unix_seconds(engine::EventTime time) { return static_cast<double>(time.time_since_epoch().count()) / 1000; }

double seconds_between(engine::EventTime from, engine::EventTime to) {
  return to > from ? unix_seconds(to) - unix_seconds(from) : 0;
}

}  // namespace tripline::app
