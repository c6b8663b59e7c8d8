#include "engine/origin_state.h"

#include <algorithm>
#include <utility>

#include "engine/origin_state_journal.h"

namespace tripline::engine {

namespace {

/// All events up to here, at any fraction of the second, are before the watermark.
EventTime complete_before(EventTime watermark) {
  constexpr std::chrono::seconds kSecond{1};
  if (watermark == EventTime::max()) return watermark;
  return watermark < EventTime{} ? EventTime{} : std::chrono::floor<std::chrono::seconds>(watermark) - kSecond;
}

}  // namespace

OriginState::OriginState(std::shared_ptr<const RuleSet> rules, const Limits& limits, bool durable)
    : rules_(std::move(rules)), limits_(limits), durable_(durable), lineage_({.max_mints = limits.mints}) {
  for (std::uint32_t i = 0; i < rules_->detections.size(); ++i) places_.emplace(rules_->detections[i].rule.id, i);
  if (durable_) lineage_.track();
}

void OriginState::add(const std::vector<Mint>& mints) {
  for (const Mint& mint : mints) {
    Packer row;
    if (!lineage_.add(mint, durable_ ? &row : nullptr)) continue;
    if (durable_) {
      journal_.number(JournalEntry::kMint);
      journal_.bytes(row.take());
    }
    waiting_.wake(mint.issued.key, woken_);
    waiting_.wake(mint.shared, woken_);
  }
}

bool OriginState::lets_wait(Undecided& record, EventTime watermark, std::chrono::milliseconds future) {
  if (!record.time || *record.time < watermark) return false;
  if (record.delivered && *record.time > *record.delivered + future) return false;
  if (lineage_.is_final(record.bearer)) return false;
  const bool has_room = waiting_.size() < limits_.waiting &&
                        waiting_.bytes() + WaitingRecords::bytes_of(record) <= limits_.waiting_bytes &&
                        record.record.size() <= limits_.record_bytes;
  if (!has_room) {
    ++counters_.without_room;
    return false;
  }
  ++counters_.waited;
  keep(std::move(record));
  return true;
}

void OriginState::keep(Undecided record) {
  const Place place{*record.time, record.key};
  if (durable_) {
    journal_.number(JournalEntry::kWaits);
    pack(record, journal_);
    note_change(place);
  }
  const std::uint64_t awaited = lineage_.awaited(record.bearer).value_or(0);
  waiting_.add(std::move(record), awaited);
}

void OriginState::settle(EventTime watermark) {
  lineage_.settle(complete_before(watermark));
  waiting_.each([&](const Place& place, const Undecided&) {
    if (!lineage_.is_complete(place.first)) return false;
    woken_.insert(place);
    return true;
  });
  lineage_.forget(judged_until(watermark));
}

std::vector<Undecided> OriginState::take_decided() {
  std::vector<Undecided> decided;
  for (const Place& place : std::exchange(woken_, {})) {
    const Undecided* record = waiting_.find(place);
    if (record == nullptr) continue;
    if (const auto awaited = lineage_.awaited(record->bearer)) {
      waiting_.await(place, *awaited);
    } else {
      decided.push_back(take(place));
    }
  }
  return decided;
}

std::vector<Undecided> OriginState::take_all() {
  std::vector<Place> places;
  waiting_.each([&](const Place& place, const Undecided&) {
    places.push_back(place);
    return true;
  });
  std::vector<Undecided> all;
  for (const Place& place : places) all.push_back(take(place));
  return all;
}

Undecided OriginState::take(const Place& place) {
  if (durable_) {
    journal_.number(JournalEntry::kJudged);
    journal_.number(place.first);
    journal_.number(place.second);
    note_change(place);
  }
  return waiting_.take(place);
}

void OriginState::note_change(const Place& place) { changed_.insert(place); }

}  // namespace tripline::engine
