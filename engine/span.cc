#include "engine/span.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <functional>

namespace tripline::engine {

namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

/// The most consecutive steps from `step` on that events of one moment can take, each event one step at most: a
/// maximum matching that is grown step by step, where a step may make an earlier one change its event.
class SameMoment {
 public:
  void add(std::uint64_t event, std::uint16_t step) {
    if (events_.empty() || events_.back().id != event) events_.push_back({event, {}, kNobody});
    events_.back().can_take.push_back(step);
  }

  std::size_t take_from(std::size_t step, std::size_t steps) {
    while (step < steps) {
      asked_.assign(events_.size(), false);
      if (!place(step)) break;
      ++step;
    }
    return step;
  }

 private:
  struct SameEvent {
    std::uint64_t id;
    std::vector<std::uint16_t> can_take;
    std::size_t takes;
  };

  bool place(std::size_t step) {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      SameEvent& event = events_[i];
      if (asked_[i] || std::find(event.can_take.begin(), event.can_take.end(), step) == event.can_take.end()) continue;
      asked_[i] = true;
      if (event.takes == kNobody || place(event.takes)) {
        event.takes = step;
        return true;
      }
    }
    return false;
  }

  std::vector<SameEvent> events_;
  std::vector<bool> asked_;
};

}  // namespace

WindowEntries::Layout layout_of(CorrelationType type) {
  switch (type) {
    case CorrelationType::kValueCount:
    case CorrelationType::kValueSum:
    case CorrelationType::kValueAvg:
    case CorrelationType::kValuePercentile:
      return WindowEntries::Layout::kWithValue;
    default:
      return WindowEntries::Layout::kPlain;
  }
}

Span::Span(const Correlation& correlation, const WindowEntries& entries, std::size_t most)
    : correlation_(correlation), entries_(entries), layout_(layout_of(correlation.type)), most_(most) {
  if (correlation.type == CorrelationType::kTemporal) by_input_.resize(correlation.inputs.size());
}

void Span::move(std::size_t first, std::size_t end) {
  assert(first_ <= first && end_ <= end && first <= end);
  if (correlation_.type == CorrelationType::kTemporal) {
    // Entries that the move only passes over are never counted.
    for (std::size_t i = first_; i < std::min(first, end_); ++i) --by_input_[entries_.input(i, layout_)];
    for (std::size_t i = std::max(first, end_); i < end; ++i) ++by_input_[entries_.input(i, layout_)];
  }
  first_ = first;
  end_ = end;
}

/// Events mostly come in order, so that the span of the newest one ends with the entries; these know how many values
/// they have. Others are counted, from one span to the next.
std::size_t Span::values() {
  if (end_ == entries_.size()) return entries_.distinct_values_from(first_);
  if (!by_value_) by_value_.emplace(most_);
  for (std::size_t i = counted_first_; i < std::min(first_, counted_end_); ++i) by_value_->remove(entries_.value(i));
  for (std::size_t i = std::max(first_, counted_end_); i < end_; ++i) by_value_->add(entries_.value(i));
  counted_first_ = first_;
  counted_end_ = end_;
  return by_value_->distinct();
}

double Span::value() {
  switch (correlation_.type) {
    case CorrelationType::kEventCount:
      return static_cast<double>(end_ - first_);
    case CorrelationType::kValueCount:
      return static_cast<double>(values());
    case CorrelationType::kValueSum:
      return sum();
    case CorrelationType::kValueAvg:
      return sum() / static_cast<double>(end_ - first_);
    case CorrelationType::kValuePercentile:
      return percentile();
    case CorrelationType::kTemporal:
      return static_cast<double>(std::count_if(by_input_.begin(), by_input_.end(), [](auto n) { return n > 0; }));
    case CorrelationType::kTemporalOrdered:
      return static_cast<double>(steps_in_order());
    case CorrelationType::kNewValue:
      break;
  }
  return 0;
}

double Span::sum() const {
  double sum = 0;  // in the entries' order, so that it is the same whatever order they came in
  for (std::size_t i = first_; i < end_; ++i) sum += std::bit_cast<double>(entries_.value(i));
  return sum;
}

double Span::percentile() const {
  std::vector<double> values;
  for (std::size_t i = first_; i < end_; ++i) values.push_back(std::bit_cast<double>(entries_.value(i)));
  std::sort(values.begin(), values.end());
  const double place = correlation_.percentile / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= values.size()) return values.back();
  return values[below] + (place - std::floor(place)) * (values[below + 1] - values[below]);
}

std::size_t Span::steps_in_order() const {
  const std::size_t steps = correlation_.inputs.size();
  std::size_t taken = 0;
  for (std::size_t i = first_; i < end_ && taken < steps;) {
    const EventTime moment = entries_.time(i, layout_);
    std::size_t next = i + 1;
    while (next < end_ && entries_.time(next, layout_) == moment) ++next;
    if (next == i + 1) {
      if (entries_.at(i, layout_).input == taken) ++taken;
    } else {
      SameMoment same;
      for (std::size_t j = i; j < next; ++j) {
        const WindowEntry entry = entries_.at(j, layout_);
        same.add(entry.event, entry.input);
      }
      taken = same.take_from(taken, steps);
    }
    i = next;
  }
  return taken;
}

}  // namespace tripline::engine
