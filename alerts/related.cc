#include "alerts/related.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>

#include "alerts/origin_of.h"

namespace tripline::alerts {
namespace {

std::uint64_t hash_of(std::string_view origin) { return std::hash<std::string_view>{}(origin); }

}  // namespace

engine::Result<RelatedSignals> RelatedSignals::of(const engine::Store& store) {
  return of([&store](const std::function<void(const engine::Signal&)>& visit) { return store.each_signal(visit); });
}

engine::Result<RelatedSignals> RelatedSignals::of(const EachSignal& each) {
  RelatedSignals related;
  const auto read = each([&](const engine::Signal& signal) {
    const std::string_view origin = origin_of(signal);
    if (!origin.empty()) related.by_origin_[hash_of(origin)].push_back(related.entry_of(signal));
  });
  if (!read) return read.error();
  return related;
}

RelatedSignals::Entry RelatedSignals::entry_of(const engine::Signal& signal) {
  const engine::Rule& rule = signal.rule();
  return {signal.first, signal.last, engine::from_hex(signal.id), &*titles_.insert(rule.title).first, rule.level};
}

void RelatedSignals::add(const engine::Signal& signal) {
  const std::string_view name = origin_of(signal);
  if (name.empty()) return;
  const Origin origin = hash_of(name);
  const Entry entry = entry_of(signal);
  std::vector<Entry>& entries = by_origin_[origin];
  const auto known =
      std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& one) { return one.id == entry.id; });
  if (known != entries.rend()) {
    *known = entry;
    return;
  }
  entries.push_back(entry);
  if (most_ == 0) return;
  order_.emplace_back(origin, entry.id);
  if (order_.size() <= most_) return;
  const auto [oldest, id] = order_.front();
  order_.pop_front();
  const auto at = by_origin_.find(oldest);
  std::erase_if(at->second, [&, gone = id](const Entry& one) { return one.id == gone; });
  if (at->second.empty()) by_origin_.erase(at);
}

bool RelatedSignals::add_older(const engine::Signal& signal) {
  if (most_ > 0 && order_.size() >= most_) return false;
  const std::string_view name = origin_of(signal);
  if (name.empty()) return true;
  const Origin origin = hash_of(name);
  const Entry entry = entry_of(signal);
  by_origin_[origin].push_back(entry);
  order_.emplace_front(origin, entry.id);
  return true;
}

std::vector<Related> RelatedSignals::to(const engine::Signal& signal) const {
  const std::string_view name = origin_of(signal);
  const auto at = name.empty() ? by_origin_.end() : by_origin_.find(hash_of(name));
  if (at == by_origin_.end()) return {};
  const engine::Digest id = engine::from_hex(signal.id);
  std::vector<const Entry*> near;
  for (const Entry& entry : at->second) {
    const bool in_span = entry.first <= signal.last + kSpan && entry.last + kSpan >= signal.first;
    if (in_span && entry.id != id) near.push_back(&entry);
  }
  const std::size_t most = std::min(near.size(), kMost);
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(most), near.end(),
                    [](const Entry* a, const Entry* b) {
                      return std::tie(b->level, a->first, a->id) < std::tie(a->level, b->first, b->id);
                    });
  std::vector<Related> related;
  for (std::size_t i = 0; i < most; ++i)
    related.push_back({engine::to_hex(near[i]->id), *near[i]->title, near[i]->level});
  return related;
}

}  // namespace tripline::alerts
