#include "alerts/silences.h"

#include <algorithm>

namespace tripline::alerts {

using engine::ErrorCode;
using engine::EventTime;
using engine::fail;
using engine::Result;

Result<void> Silences::put(const Silence& silence, EventTime now) {
  if (auto good = check(silence, now); !good) return good;
  if (!silences_.contains(silence.id) && silences_.size() >= most_) {
    return fail(ErrorCode::kBadInput, "there are " + std::to_string(silences_.size()) +
                                          " silences already, ended ones included; what is never wanted is for a "
                                          "filter or an override");
  }
  silences_.insert_or_assign(silence.id, std::pair(silence, SignalMatcher(silence.match)));
  touched_.insert(silence.id);
  return {};
}

Result<void> Silences::end(const std::string& id, EventTime now) {
  const auto at = silences_.find(id);
  if (at == silences_.end() || at->second.first.until <= now) {
    return fail(ErrorCode::kBadInput, "there is no silence of this id that has not ended");
  }
  Silence& silence = at->second.first;
  silence.until = now;
  silence.from = std::min(silence.from, now);
  touched_.insert(id);
  return {};
}

bool Silences::cover(const SignalTraits& traits, EventTime now) const {
  return std::any_of(silences_.begin(), silences_.end(), [&](const auto& entry) {
    const auto& [silence, matcher] = entry.second;
    return silence.active(now) && matcher.covers(traits);
  });
}

std::vector<Silence> Silences::all() const {
  std::vector<Silence> all;
  for (const auto& [id, entry] : silences_) all.push_back(entry.first);
  std::stable_sort(all.begin(), all.end(), [](const Silence& a, const Silence& b) { return a.until > b.until; });
  return all;
}

std::size_t Silences::active(EventTime now) const {
  return static_cast<std::size_t>(std::count_if(silences_.begin(), silences_.end(),
                                                [&](const auto& entry) { return entry.second.first.active(now); }));
}

void Silences::forget_old(EventTime now) {
  std::erase_if(silences_, [&](const auto& entry) {
    const bool old = entry.second.first.until + kKept <= now;
    if (old) touched_.insert(entry.first);
    return old;
  });
}

void Silences::take_rows(std::vector<RoutingRow>& into) {
  for (const std::string& id : std::exchange(touched_, {})) {
    const auto at = silences_.find(id);
    RoutingRow& row = into.emplace_back();
    row.key = std::string(kRows) + id;
    if (at != silences_.end()) row.blob = pack(at->second.first);
  }
}

Result<void> Silences::restore(std::string_view blob) {
  const auto silence = unpack_silence(blob);
  if (!silence) return silence.error();
  silences_.insert_or_assign(silence->id, std::pair(*silence, SignalMatcher(silence->match)));
  return {};
}

}  // namespace tripline::alerts
