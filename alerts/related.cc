#include "alerts/related.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>

#include "alerts/origin_of.h"

namespace tripline::alerts {

engine::Result<RelatedSignals> RelatedSignals::of(const engine::Store& store) {
  return of([&store](const std::function<void(const engine::Signal&)>& visit) { return store.each_signal(visit); });
}

engine::Result<RelatedSignals> RelatedSignals::of(const EachSignal& each) {
  RelatedSignals related;
  const auto read = each([&](const engine::Signal& signal) {
    const std::string_view origin = origin_of(signal);
    if (origin.empty()) return;
    auto& rules = related.rules_;
    if (std::find(rules.begin(), rules.end(), signal.rules) == rules.end()) rules.push_back(signal.rules);
    related.entries_.push_back({std::hash<std::string_view>{}(origin), signal.first, signal.last,
                                engine::from_hex(signal.id), &signal.rule()});
  });
  if (!read) return read.error();
  std::sort(related.entries_.begin(), related.entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.origin, a.first, a.id) < std::tie(b.origin, b.first, b.id);
  });
  return related;
}

std::vector<Related> RelatedSignals::to(const engine::Signal& signal) const {
  const std::string_view name = origin_of(signal);
  if (name.empty()) return {};
  const std::uint64_t origin = std::hash<std::string_view>{}(name);
  const engine::Digest id = engine::from_hex(signal.id);
  std::vector<const Entry*> near;
  const auto begin = std::lower_bound(entries_.begin(), entries_.end(), origin,
                                      [](const Entry& entry, std::uint64_t wanted) { return entry.origin < wanted; });
  for (auto entry = begin; entry != entries_.end() && entry->origin == origin; ++entry) {
    if (entry->first > signal.last + kSpan) break;
    if (entry->id != id && entry->last + kSpan >= signal.first) near.push_back(&*entry);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Entry* a, const Entry* b) { return a->rule->level > b->rule->level; });
  near.resize(std::min(near.size(), kMost));
  std::vector<Related> related;
  for (const Entry* entry : near)
    related.push_back({engine::to_hex(entry->id), entry->rule->title, entry->rule->level});
  return related;
}

}  // namespace tripline::alerts
