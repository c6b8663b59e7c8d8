#include "alerts/noisy_rules.h"

#include <algorithm>
#include <utility>

#include "engine/digest.h"
#include "engine/packing.h"

namespace tripline::alerts {

using engine::EventTime;

namespace {

constexpr std::uint8_t kVersion = 1;

std::string key_of(const std::string& rule) {
  return std::string(NoisyRules::kRows) + to_hex(engine::digest_128({"rule", rule}));
}

}  // namespace

void NoisyRules::opened(const std::string& rule, EventTime now) {
  auto& times = openings_[rule];
  times.push_back(times.empty() ? now : std::max(now, times.back()));
  if (times.size() > most_ + 1) times.pop_front();
  touched_.insert(rule);
}

bool NoisyRules::noisy(const std::string& rule, std::uint64_t limit, EventTime now) const {
  const auto at = openings_.find(rule);
  if (at == openings_.end() || at->second.size() <= limit) return false;
  return at->second[at->second.size() - 1 - limit] > now - kSpan;
}

void NoisyRules::forget_quiet(EventTime now) {
  for (auto at = openings_.begin(); at != openings_.end();) {
    const bool quiet = at->second.back() <= now - kSpan;
    if (quiet) touched_.insert(at->first);
    at = quiet ? openings_.erase(at) : std::next(at);
  }
}

std::size_t NoisyRules::count(std::uint64_t limit, EventTime now) const {
  return static_cast<std::size_t>(std::count_if(openings_.begin(), openings_.end(),
                                                [&](const auto& entry) { return noisy(entry.first, limit, now); }));
}

void NoisyRules::take_rows(std::vector<RoutingRow>& into) {
  for (const std::string& rule : std::exchange(touched_, {})) {
    const auto at = openings_.find(rule);
    RoutingRow& row = into.emplace_back();
    row.key = key_of(rule);
    if (at == openings_.end()) continue;
    engine::Packer packer;
    packer.number(kVersion);
    packer.text(rule);
    packer.count(at->second.size());
    for (const EventTime time : at->second) packer.number(time.time_since_epoch().count());
    row.blob = packer.take();
  }
}

engine::Result<void> NoisyRules::restore(std::string_view blob) {
  engine::Unpacker unpacker(blob);
  const bool known = unpacker.number<std::uint8_t>() == kVersion;
  const std::string rule(unpacker.text());
  std::deque<EventTime> times;
  for (std::size_t left = unpacker.count(8); left > 0; --left) {
    times.push_back(EventTime{std::chrono::milliseconds{unpacker.number<std::int64_t>()}});
  }
  if (!known || !unpacker.at_end() || times.empty()) {
    return engine::fail(engine::ErrorCode::kStore,
                        "what is known of a noisy rule is damaged, or a newer Tripline wrote it");
  }
  while (times.size() > most_ + 1) times.pop_front();
  openings_[rule] = std::move(times);
  return {};
}

}  // namespace tripline::alerts
