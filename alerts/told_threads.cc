#include "alerts/told_threads.h"

#include <utility>

#include "engine/packing.h"

namespace tripline::alerts {

using engine::Digest;
using engine::EventTime;

namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kNamelessVersion = 1;  // it named no sink, and knew what was held open by its signals alone

Digest id_of(std::string_view sink, std::string_view thread) { return engine::digest_128({"told", sink, thread}); }

}  // namespace

const ToldThreads::Told* ToldThreads::find(std::string_view sink, std::string_view thread) const {
  const auto at = threads_.find(id_of(sink, thread));
  return at == threads_.end() ? nullptr : &at->second.told;
}

void ToldThreads::erase(Digest id) {
  const auto at = threads_.find(id);
  if (at == threads_.end()) return;
  ends_.erase({at->second.told.until, id});
  threads_.erase(at);
  touched_.insert(id);
}

void ToldThreads::put(std::string_view sink, std::string_view thread, Told told) {
  const Digest id = id_of(sink, thread);
  erase(id);
  ends_.insert({told.until, id});
  threads_[id] = {std::move(told), std::string(sink)};
  touched_.insert(id);
  if (threads_.size() <= most_) return;
  erase(ends_.begin()->second);
  ++given_up_;
}

void ToldThreads::forget(std::string_view sink, std::string_view thread) { erase(id_of(sink, thread)); }

void ToldThreads::forget_until(EventTime now) {
  while (!ends_.empty() && ends_.begin()->first <= now) erase(ends_.begin()->second);
}

void ToldThreads::take_rows(std::vector<RoutingRow>& into) {
  for (const Digest& id : std::exchange(touched_, {})) {
    RoutingRow& row = into.emplace_back();
    row.key = std::string(kRows) + to_hex(id);
    const auto at = threads_.find(id);
    if (at == threads_.end()) continue;
    const auto& [told, sink] = at->second;
    engine::Packer packer;
    packer.number(kVersion);
    packer.number(told.at.time_since_epoch().count());
    packer.number(told.until.time_since_epoch().count());
    packer.text(sink);
    packer.number(told.due.time_since_epoch().count());
    packer.number(told.holds);
    packer.count(told.live.size());
    for (const Digest& signal : told.live) packer.number(signal);
    row.blob = packer.take();
  }
}

engine::Result<void> ToldThreads::restore(std::string_view key, std::string_view blob,
                                          const std::set<std::string>& sinks) {
  const auto time = [](std::int64_t ticks) { return EventTime{std::chrono::milliseconds{ticks}}; };
  engine::Unpacker unpacker(blob);
  const auto version = unpacker.number<std::uint8_t>();
  Told told;
  std::string sink;
  told.at = time(unpacker.number<std::int64_t>());
  told.until = time(unpacker.number<std::int64_t>());
  if (version == kVersion) {
    sink = unpacker.text();
    told.due = time(unpacker.number<std::int64_t>());
    told.holds = unpacker.number<bool>();
  }
  for (std::size_t left = unpacker.count(16); left > 0; --left) told.live.push_back(unpacker.number<Digest>());
  if (version == kNamelessVersion) told.holds = !told.live.empty();
  const bool known = version == kVersion || version == kNamelessVersion;
  if (!known || !unpacker.at_end() || key.size() != 32) {
    return engine::fail(engine::ErrorCode::kStore, "what a sink was told of is damaged, or a newer Tripline wrote it");
  }
  const Digest id = engine::from_hex(key);
  if (version == kVersion && !sinks.contains(sink)) {
    touched_.insert(id);
    return {};
  }
  ends_.insert({told.until, id});
  threads_[id] = {std::move(told), std::move(sink)};
  return {};
}

}  // namespace tripline::alerts
