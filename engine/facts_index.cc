#include "engine/facts_index.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/packing.h"
#include "engine/store/spaces.h"

namespace tripline::engine {

namespace {

using store::Space;
using store::StateRow;

constexpr std::uint8_t kEndsVersion = 1;
constexpr std::uint8_t kPlacesVersion = 2;  // 1: of stores of before, where a row is the facts of one event

EventTime second_of(EventTime time) { return std::chrono::floor<std::chrono::seconds>(time); }

}  // namespace

void FactsIndex::add(EventTime time, std::uint64_t event, std::uint64_t row, EventTime until) {
  now_.insert_or_assign(event, Place{time, row});
  if (ends_.try_emplace(until, row).second) new_ends_.insert(until);
}

std::optional<std::uint64_t> FactsIndex::find(std::uint64_t event) const {
  for (const Places* places : {&now_, &before_}) {
    if (const auto found = places->find(event); found != places->end()) return found->second.row;
  }
  return std::nullopt;
}

void FactsIndex::take_changes(std::uint64_t last, EventTime watermark, EventTime edge, std::vector<StateRow>& rows) {
  const auto put = [&](Space space, std::string key, std::optional<std::string> value, StateRow::Kind kind) {
    rows.push_back({static_cast<std::int64_t>(space), std::move(key), std::move(value), kind});
  };
  if (edge > edge_) {
    edge_ = edge;
    put(Space::kFacts, store::facts_key(edge, 0), std::nullopt, StateRow::Kind::kDeleteBelow);
  }
  struct Event {
    EventTime second;
    std::uint64_t id;
    std::uint64_t row;
  };
  std::vector<Event> events;
  events.reserve(now_.size());
  for (const auto& [id, place] : now_) {
    if (place.time >= edge) events.push_back({second_of(place.time), id, place.row});
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return std::tie(a.second, a.id) < std::tie(b.second, b.id); });
  for (auto event = events.begin(); event != events.end();) {
    const EventTime second = event->second;
    Packer out;
    out.number(kPlacesVersion);
    for (; event != events.end() && event->second == second; ++event) {
      out.number(event->id);
      out.short_number(last - event->row);
    }
    put(Space::kFacts, store::facts_key(second, last), out.take(), StateRow::Kind::kLasting);
  }
  before_ = std::exchange(now_, {});
  while (!ends_.empty() && ends_.begin()->first <= watermark) {
    const EventTime until = ends_.begin()->first;
    if (new_ends_.erase(until) == 0) {
      put(Space::kFactsEnd, store::time_key(until), std::nullopt, StateRow::Kind::kChanging);
    }
    ends_.erase(ends_.begin());
  }
  for (const EventTime until : std::exchange(new_ends_, {})) {
    Packer out;
    out.number(kEndsVersion);
    out.number(until);
    out.number(ends_.at(until));
    put(Space::kFactsEnd, store::time_key(until), out.take(), StateRow::Kind::kChanging);
  }
}

std::uint64_t FactsIndex::wanted_from() const {
  std::uint64_t first = UINT64_MAX;
  for (const auto& [until, row] : ends_) first = std::min(first, row);
  return first;
}

Result<void> FactsIndex::restore(std::string_view key, std::string_view value) {
  Unpacker in(value);
  const auto version = in.number<std::uint8_t>();
  const auto until = in.number<EventTime>();
  const auto row = in.number<std::uint64_t>();
  if (version != kEndsVersion || !in.at_end() || key != store::time_key(until)) {
    return fail(ErrorCode::kStore, "a row of its state is damaged (of facts in the journal)");
  }
  ends_[until] = row;
  return {};
}

std::optional<std::uint64_t> FactsIndex::find_in(std::string_view key, std::string_view value, std::uint64_t event) {
  Unpacker in(value);
  if (in.number<std::uint8_t>() != kPlacesVersion || key.size() != store::facts_key({}, 0).size()) return std::nullopt;
  std::uint64_t last = 0;
  for (const char byte : key.substr(key.size() - sizeof last)) last = last << 8 | static_cast<std::uint8_t>(byte);
  while (in.ok() && !in.at_end()) {
    const bool found = in.number<std::uint64_t>() == event;
    const std::uint64_t row = last - in.short_number();
    if (found && in.ok()) return row;
  }
  return std::nullopt;
}

}  // namespace tripline::engine
