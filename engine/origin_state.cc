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

/// What later calls with the same credentials have in common; 0: they may be of another mint.
std::uint64_t credentials_of(const Bearer& bearer) {
  const CredentialIds& ids = bearer.ids;
  const std::uint64_t key = ids.key != 0 ? ids.key : ids.sign_in;
  const bool is_by_beginning = session_of(ids) != 0 && ids.created && *ids.created <= bearer.time;
  if (!is_by_beginning || (key != 0 && bearer.behind != Behind::kImplied)) return key;
  return credential_hash(std::to_string(session_of(ids)) + " since " + format_time(*ids.created));
}

}  // namespace

OriginState::OriginState(std::shared_ptr<const RuleSet> rules, const Limits& limits, bool durable)
    : rules_(std::move(rules)),
      limits_(limits),
      durable_(durable),
      lineage_({.max_mints = limits.mints}),
      in_vain_(limits.in_vain) {
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
    waiting_.wake(session_of(mint.issued), woken_);
    waiting_.wake(mint.shared, woken_);
  }
}

bool OriginState::lets_wait(Undecided& record, EventTime watermark, std::chrono::milliseconds future) {
  if (!record.time || *record.time < watermark) return false;
  if (record.delivered && *record.time > *record.delivered + future) return false;
  const auto awaited = lineage_.awaited(record.bearer);
  if (!awaited || in_vain_.has(*awaited) || in_vain_.has(credentials_of(record.bearer))) {
    return false;
  }
  const bool has_room = waiting_.size() < limits_.waiting &&
                        waiting_.bytes() + WaitingRecords::bytes_of(record) <= limits_.waiting_bytes &&
                        record.record.size() <= limits_.record_bytes;
  if (!has_room) {
    ++counters_.without_room;
    return false;
  }
  ++counters_.waited;
  keep(std::move(record), *awaited);
  return true;
}

void OriginState::keep(Undecided record, std::uint64_t awaited) {
  const Place place{*record.time, record.key};
  if (durable_) {
    journal_.number(JournalEntry::kWaits);
    pack(record, journal_);
    note_change(place);
  }
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
      if (lineage_.is_complete(place.first)) note_in_vain(record->bearer, waiting_.awaited(place));
      decided.push_back(take(place));
    }
  }
  return decided;
}

void OriginState::note_in_vain(const Bearer& bearer, std::uint64_t awaited) {
  const bool is_of_one_call = awaited != 0 && awaited == bearer.shared;
  const bool is_a_key = awaited != 0 && awaited != session_of(bearer.ids);
  if (!is_of_one_call) in_vain_.put(is_a_key ? awaited : credentials_of(bearer));
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
