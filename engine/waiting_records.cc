#include "engine/waiting_records.h"

namespace tripline::engine {

std::size_t WaitingRecords::bytes_of(const Undecided& record) {
  constexpr std::size_t kRest = 1024;  // of the bearer, its texts and what finds it
  return record.record.size() + record.path.size() + kRest;
}

bool WaitingRecords::add(Undecided record, std::uint64_t awaited) {
  const Place place{*record.time, record.key};
  const std::size_t bytes = bytes_of(record);
  if (!records_.try_emplace(place, Waiting{std::move(record), 0}).second) return false;
  bytes_ += bytes;
  await(place, awaited);
  return true;
}

void WaitingRecords::await(const Place& place, std::uint64_t awaited) {
  Waiting& waiting = records_.at(place);
  if (waiting.awaited == awaited) return;
  forget_awaited(place, waiting.awaited);
  waiting.awaited = awaited;
  if (awaited != 0) by_awaited_.emplace(awaited, place);
}

const Undecided* WaitingRecords::find(const Place& place) const {
  const auto found = records_.find(place);
  return found == records_.end() ? nullptr : &found->second.record;
}

Undecided WaitingRecords::take(const Place& place) {
  const auto found = records_.find(place);
  Undecided record = std::move(found->second.record);
  forget_awaited(place, found->second.awaited);
  bytes_ -= bytes_of(record);
  records_.erase(found);
  return record;
}

void WaitingRecords::forget_awaited(const Place& place, std::uint64_t awaited) {
  if (awaited == 0) return;
  const auto [begin, end] = by_awaited_.equal_range(awaited);
  for (auto entry = begin; entry != end; ++entry) {
    if (entry->second != place) continue;
    by_awaited_.erase(entry);
    return;
  }
}

void WaitingRecords::wake(std::uint64_t hash, std::set<Place>& woken) {
  if (hash == 0) return;
  const auto [begin, end] = by_awaited_.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry) woken.insert(entry->second);
}

}  // namespace tripline::engine
