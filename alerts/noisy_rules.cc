#include "alerts/noisy_rules.h"

#include <algorithm>
#include <utility>

#include "engine/packing.h"

namespace tripline::alerts {

using engine::EventTime;

namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kOfAllSinks = 1;  // the version before: it counted openings, and is forgotten

std::string key_of(const std::string& sink, const std::string& rule) {
  return std::string(NoisyRules::kRows) + to_hex(engine::digest_128({"rule", sink, rule}));
}

}  // namespace

void NoisyRules::tell(const std::string& sink, const std::string& rule, const engine::Digest& signal, EventTime now) {
  const Name name{sink, rule};
  Tellings& tellings = tellings_[name];
  const EventTime at = tellings.empty() ? now : std::max(now, tellings.back().at);
  std::erase_if(tellings, [&](const Telling& telling) { return telling.signal == signal; });
  tellings.push_back({at, signal});
  if (tellings.size() > most_ + 1) tellings.pop_front();
  touched_.insert(name);
}

bool NoisyRules::noisy(const Tellings& tellings, std::uint64_t limit, EventTime now) {
  return tellings.size() > limit && tellings[tellings.size() - 1 - limit].at > now - kSpan;
}

bool NoisyRules::noisy(const std::string& sink, const std::string& rule, std::uint64_t limit, EventTime now) const {
  const auto at = tellings_.find({sink, rule});
  return at != tellings_.end() && noisy(at->second, limit, now);
}

void NoisyRules::forget_quiet(EventTime now) {
  for (auto at = tellings_.begin(); at != tellings_.end();) {
    const bool quiet = at->second.back().at <= now - kSpan;
    if (quiet) touched_.insert(at->first);
    at = quiet ? tellings_.erase(at) : std::next(at);
  }
}

std::size_t NoisyRules::count(std::uint64_t limit, EventTime now) const {
  std::set<std::string_view> rules;
  for (const auto& [name, tellings] : tellings_) {
    if (noisy(tellings, limit, now)) rules.insert(name.second);
  }
  return rules.size();
}

void NoisyRules::take_rows(std::vector<RoutingRow>& into) {
  for (const std::string& key : std::exchange(outdated_, {})) into.push_back({key, std::nullopt});
  for (const Name& name : std::exchange(touched_, {})) {
    const auto at = tellings_.find(name);
    RoutingRow& row = into.emplace_back();
    row.key = key_of(name.first, name.second);
    if (at == tellings_.end()) continue;
    engine::Packer packer;
    packer.number(kVersion);
    packer.text(name.first);
    packer.text(name.second);
    packer.count(at->second.size());
    for (const auto& [time, signal] : at->second) {
      packer.number(time.time_since_epoch().count());
      packer.number(signal);
    }
    row.blob = packer.take();
  }
}

engine::Result<void> NoisyRules::restore(std::string_view key, std::string_view blob) {
  engine::Unpacker unpacker(blob);
  const auto version = unpacker.number<std::uint8_t>();
  if (version == kOfAllSinks) {
    outdated_.emplace(key);
    return {};
  }
  Name name;
  name.first = unpacker.text();
  name.second = unpacker.text();
  Tellings tellings;
  for (std::size_t left = unpacker.count(24); left > 0; --left) {
    Telling& telling = tellings.emplace_back();
    telling.at = EventTime{std::chrono::milliseconds{unpacker.number<std::int64_t>()}};
    telling.signal = unpacker.number<engine::Digest>();
  }
  if (version != kVersion || !unpacker.at_end() || tellings.empty()) {
    return engine::fail(engine::ErrorCode::kStore,
                        "what is known of a noisy rule is damaged, or a newer Tripline wrote it");
  }
  while (tellings.size() > most_ + 1) tellings.pop_front();
  tellings_[std::move(name)] = std::move(tellings);
  return {};
}

}  // namespace tripline::alerts
