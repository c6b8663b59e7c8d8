#include "alerts/silence.h"

#include <algorithm>

#include "engine/digest.h"
#include "engine/packing.h"

namespace tripline::alerts {

using engine::ErrorCode;
using engine::EventTime;
using engine::fail;
using engine::Result;

namespace {

constexpr std::size_t kMostNames = 100;  // in each list
constexpr std::uint8_t kVersion = 1;

Result<void> check_match(const SignalMatch& match) {
  if (match.empty()) {
    return fail(ErrorCode::kBadInput, "a silence is for something: name a rule, an actor or an account");
  }
  for (const Trait& trait : kTraits) {
    const auto& names = match.*trait.wanted;
    if (names.size() > kMostNames) {
      return fail(ErrorCode::kBadInput, std::string(trait.key) + " has more than 100 names");
    }
    for (const std::string& name : names) {
      if (name.empty() || name.size() > Silence::kMostText) {
        return fail(ErrorCode::kBadInput, "a name in " + std::string(trait.key) + " has from 1 to 1024 bytes");
      }
      if (name.find_first_not_of('*') == std::string::npos) {
        return fail(ErrorCode::kBadInput, std::string(trait.key) + ": `*` would silence everything; leave it out");
      }
    }
  }
  return {};
}

}  // namespace

std::string_view Silence::state(EventTime now) const {
  return now >= until ? "ended" : now < from ? "pending" : "active";
}

Result<void> check(const Silence& silence, EventTime now) {
  if (auto fits = check_match(silence.match); !fits) return fits;
  if (silence.until <= silence.from) return fail(ErrorCode::kBadInput, "a silence ends after it begins");
  if (silence.until <= now) return fail(ErrorCode::kBadInput, "a silence ends in the future");
  if (silence.until - std::max(silence.from, now) > Silence::kLongest) {
    return fail(ErrorCode::kBadInput,
                "a silence lasts 90d at most; a filter with `tripline.expires`, or an override, is "
                "for what is never wanted");
  }
  if (silence.from - now > Silence::kLongest) return fail(ErrorCode::kBadInput, "a silence begins within 90d");
  if (silence.by.size() > Silence::kMostText || silence.comment.size() > Silence::kMostText) {
    return fail(ErrorCode::kBadInput, "`by` and `comment` have at most 1024 bytes");
  }
  if (silence.comment.empty()) return fail(ErrorCode::kBadInput, "a silence has a comment that says why");
  return {};
}

std::string silence_id(const Silence& silence) {
  const auto ticks = [](EventTime time) { return std::to_string(time.time_since_epoch().count()); };
  return to_hex(engine::digest_128({"silence", ticks(silence.made), ticks(silence.from), ticks(silence.until),
                                    match_words(silence.match), silence.by, silence.comment}))
      .substr(0, 16);
}

std::string match_words(const SignalMatch& match) {
  std::string all;
  for (const Trait& trait : kTraits) {
    const auto& names = match.*trait.wanted;
    if (names.empty()) continue;
    all += (all.empty() ? "" : ", ") + std::string(trait.key) + " is ";
    for (std::size_t i = 0; i < names.size(); ++i) all += (i > 0 ? " or " : "") + names[i];
  }
  return all;
}

std::string pack(const Silence& silence) {
  engine::Packer packer;
  packer.number(kVersion);
  packer.text(silence.id);
  for (const EventTime time : {silence.from, silence.until, silence.made}) {
    packer.number(time.time_since_epoch().count());
  }
  packer.text(silence.by);
  packer.text(silence.comment);
  // By their keys, so that traits may come and go.
  std::vector<std::pair<std::string_view, std::string_view>> names;
  for (const Trait& trait : kTraits) {
    for (const std::string& name : silence.match.*trait.wanted) names.emplace_back(trait.key, name);
  }
  packer.count(names.size());
  for (const auto& [key, name] : names) {
    packer.text(key);
    packer.text(name);
  }
  return packer.take();
}

Result<Silence> unpack_silence(std::string_view blob) {
  engine::Unpacker unpacker(blob);
  bool good = unpacker.number<std::uint8_t>() == kVersion;
  Silence silence;
  silence.id = unpacker.text();
  for (EventTime* time : {&silence.from, &silence.until, &silence.made}) {
    *time = EventTime{std::chrono::milliseconds{unpacker.number<std::int64_t>()}};
  }
  silence.by = unpacker.text();
  silence.comment = unpacker.text();
  for (std::size_t left = unpacker.count(8); left > 0; --left) {
    const std::string_view key = unpacker.text();
    const std::string_view name = unpacker.text();
    const auto* trait =
        std::find_if(std::begin(kTraits), std::end(kTraits), [&](const Trait& row) { return row.key == key; });
    if (trait != std::end(kTraits)) {
      (silence.match.*trait->wanted).emplace_back(name);
    } else {
      good = false;  // it would silence more than somebody meant
    }
  }
  if (good && unpacker.at_end()) return silence;
  return fail(ErrorCode::kStore, "a silence is damaged, or a newer Tripline wrote it");
}

}  // namespace tripline::alerts
