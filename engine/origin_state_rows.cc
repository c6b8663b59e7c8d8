// What a store keeps of an OriginState: its journal and rows of state (docs/store.md, spaces 9 and 10).

#include <utility>

#include "engine/origin_codec.h"
#include "engine/origin_state.h"
#include "engine/origin_state_journal.h"
#include "engine/store/spaces.h"

namespace tripline::engine {

namespace {

using store::Space;
using store::StateRow;

/// The watermark's row; no other has so short a key.
constexpr std::string_view kClock{};

std::string key_of(const WaitingRecords::Place& place) {
  return store::facts_key(place.first, place.second.high) + store::big_endian(place.second.low);
}

}  // namespace

bool OriginState::replay(std::string_view journal) {
  Unpacker in(journal);
  while (in.ok() && !in.at_end()) {
    switch (in.number<JournalEntry>()) {
      case JournalEntry::kMint:
        if (!lineage_.restore(in, true)) return false;
        break;
      case JournalEntry::kWaits:
        if (!take_back(in, true)) return false;
        break;
      case JournalEntry::kJudged: {
        const auto time = in.number<EventTime>();
        const Place place{time, in.number<EventKey>()};
        if (!in.ok()) return false;
        changed_.insert(place);
        if (waiting_.find(place) != nullptr) waiting_.take(place);
        break;
      }
      default:
        return false;
    }
  }
  return in.ok();
}

bool OriginState::take_back(Unpacker& in, bool is_new) {
  Undecided record = unpack_undecided(in, rules_, places_);
  if (!in.ok()) return false;
  const Place place{*record.time, record.key};
  if (is_new) changed_.insert(place);
  if (record.detections.empty()) {
    ++counters_.without_rules;
    changed_.insert(place);
  } else {
    // Its mint may follow in the journal: it is looked at once all of that is read.
    waiting_.add(std::move(record), 0);
    woken_.insert(place);
  }
  return true;
}

void OriginState::take_changes(EventTime watermark, std::vector<StateRow>& rows) {
  Packer clock;
  clock.number(kOriginRowVersion);
  clock.number(watermark);
  rows.push_back({static_cast<std::int64_t>(Space::kMints), std::string(kClock), clock.take()});
  lineage_.take_changes(rows);
  for (const Place& place : std::exchange(changed_, {})) {
    std::optional<std::string> value;
    if (const Undecided* record = waiting_.find(place)) {
      Packer out;
      out.number(kOriginRowVersion);
      pack(*record, out);
      value = out.take();
    }
    rows.push_back({static_cast<std::int64_t>(Space::kWaiting), key_of(place), std::move(value)});
  }
}

bool OriginState::keeps(std::int64_t space) {
  return space == static_cast<std::int64_t>(Space::kMints) || space == static_cast<std::int64_t>(Space::kWaiting);
}

Result<void> OriginState::restore(std::int64_t space, std::string_view key, std::string_view value) {
  Unpacker in(value);
  bool sound = in.number<std::uint8_t>() == kOriginRowVersion;
  if (space == static_cast<std::int64_t>(Space::kWaiting)) {
    sound = sound && take_back(in, false);
  } else if (key == kClock) {
    stored_watermark_ = in.number<EventTime>();
  } else {
    sound = sound && lineage_.restore(in, false);
  }
  if (sound && in.at_end()) return {};
  return fail(ErrorCode::kStore, "a row of its state is damaged (space " + std::to_string(space) + ")");
}

}  // namespace tripline::engine
