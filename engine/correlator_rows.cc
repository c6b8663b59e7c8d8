// What a store keeps of a Correlator: rows of state as of a checkpoint (docs/store.md, "State").

#include "engine/correlator.h"
#include "engine/span.h"
#include "engine/store/spaces.h"

namespace tripline::engine {

namespace {

using store::Space;
using store::StateRow;

constexpr std::uint8_t kVersion = 1;

std::string key_of(const Digest& shape, std::string_view rest) {
  Packer out;
  out.number(shape);
  out.bytes(rest);
  return out.take();
}

Packer versioned() {
  Packer out;
  out.number(kVersion);
  return out;
}

Error damaged(std::int64_t space) {
  return fail(ErrorCode::kStore, "a row of its state is damaged (space " + std::to_string(space) + ")");
}

}  // namespace

void Correlator::track() {
  tracks_ = true;
  for (Groups& groups : groups_) {
    groups.windows.track();
    groups.values.track();
    groups.learning.track();
  }
}

std::vector<StateRow> Correlator::take_changes(const FactsCodec& codec) {
  std::vector<StateRow> rows;
  const auto put = [&](Space space, std::string key, std::optional<std::string> value) {
    rows.push_back({static_cast<std::int64_t>(space), std::move(key), std::move(value)});
  };
  Packer clock = versioned();
  clock.number(watermark_);
  put(Space::kWatermark, "", clock.take());
  for (std::uint32_t index = 0; index < groups_.size(); ++index) {
    Groups& groups = groups_[index];
    const Correlation& correlation = rules_->correlations[index];
    const Digest& shape = codec.shapes()[index];
    groups.windows.take_changes(
        [&](std::uint32_t place) {
          Packer out = versioned();
          groups.windows[place].pack(layout_of(correlation.type), out);
          put(Space::kWindows, key_of(shape, groups.windows.key(place)), out.take());
        },
        [&](const std::string& key) { put(Space::kWindows, key_of(shape, key), std::nullopt); });
    groups.values.take_changes(
        [&](std::uint32_t place) {
          Packer out = versioned();
          pack(groups.values[place], out);
          put(Space::kSightings, key_of(shape, groups.values.key(place)), out.take());
        },
        [&](const std::string& key) { put(Space::kSightings, key_of(shape, key), std::nullopt); });
    groups.learning.take_changes(
        [&](std::uint32_t place) {
          Packer out = versioned();
          pack(groups.learning[place], out);
          put(Space::kLearning, key_of(shape, groups.learning.key(place)), out.take());
        },
        [&](const std::string& key) { put(Space::kLearning, key_of(shape, key), std::nullopt); });
    Packer out = versioned();
    out.number(groups.evicted_until);
    put(Space::kRules, key_of(shape, ""), out.take());
  }
  return rows;
}

void Correlator::set_watermarks(EventTime watermark) {
  watermark_ = watermark;
  for (std::uint32_t index = 0; index < groups_.size(); ++index) {
    groups_[index].watermark = before(watermark, rules_->correlations[index].delay);
  }
}

Result<bool> Correlator::restore(const FactsCodec& codec, std::int64_t space, std::string_view key,
                                 std::string_view value) {
  Unpacker in(value);
  if (in.number<std::uint8_t>() != kVersion) return damaged(space);
  if (space == static_cast<std::int64_t>(Space::kWatermark)) {
    const auto watermark = in.number<EventTime>();
    if (!in.at_end()) return damaged(space);
    set_watermarks(watermark);
    return true;
  }
  Unpacker named(key);
  const std::uint32_t* index = codec.find(named.number<Digest>());
  if (!named.ok()) return damaged(space);
  if (index == nullptr) return false;
  const std::string_view group = named.rest();
  const Correlation& correlation = rules_->correlations[*index];
  Groups& groups = groups_[*index];
  switch (static_cast<Space>(space)) {
    case Space::kWindows: {
      const auto place = groups.windows.find_or_add(group);
      WindowEntries& entries = groups.windows[place];
      entries.unpack(layout_of(correlation.type), in);
      if (!in.at_end() || entries.size() == 0) return damaged(space);
      groups.entries += entries.size();
      groups.windows.wake(place, next_due(correlation, entries));
      return true;
    }
    case Space::kSightings: {
      const auto place = groups.values.find_or_add(group);
      Sightings& sightings = groups.values[place];
      sightings = unpack_sightings(in);
      if (!in.at_end() || (!sightings.last && sightings.open.empty())) return damaged(space);
      groups.values.wake(place, next_due(correlation, sightings, groups.watermark).value_or(groups.watermark));
      return true;
    }
    case Space::kLearning: {
      const auto place = groups.learning.find_or_add(group);
      Learning& learning = groups.learning[place];
      learning = unpack_learning(in);
      if (!in.at_end() || learning.runs.empty()) return damaged(space);
      groups.began_last = std::max(groups.began_last, learning.runs.back().start);
      if (correlation.each_group_learns) groups.learning.wake(place, next_due(learning, gap_of(correlation)));
      return true;
    }
    case Space::kRules:
      groups.evicted_until = in.number<EventTime>();
      if (!in.at_end()) in.number<Counters>();  // of a store of before
      break;
    default:
      return damaged(space);
  }
  if (!in.at_end()) return damaged(space);
  return true;
}

}  // namespace tripline::engine
