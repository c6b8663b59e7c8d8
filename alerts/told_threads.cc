#include "alerts/told_threads.h"

#include <utility>

#include "engine/packing.h"

namespace tripline::alerts {

using engine::Digest;
using engine::EventTime;

namespace {

constexpr std::uint8_t kVersion = 1;

Digest id_of(std::string_view sink, std::string_view thread) { return engine::digest_128({"told", sink, thread}); }

}  // namespace

const ToldThreads::Told* ToldThreads::find(std::string_view sink, std::string_view thread) const {
  const auto at = threads_.find(id_of(sink, thread));
  return at == threads_.end() ? nullptr : &at->second;
}

void ToldThreads::erase(Digest id) {
  const auto at = threads_.find(id);
  if (at == threads_.end()) return;
  ends_.erase({at->second.until, id});
  threads_.erase(at);
  touched_.insert(id);
}

void ToldThreads::put(std::string_view sink, std::string_view thread, Told told) {
  const Digest id = id_of(sink, thread);
  erase(id);
  ends_.insert({told.until, id});
  threads_[id] = std::move(told);
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
    engine::Packer packer;
    packer.number(kVersion);
    packer.number(at->second.at.time_since_epoch().count());
    packer.number(at->second.until.time_since_epoch().count());
    packer.count(at->second.open.size());
    for (const Digest& signal : at->second.open) {
      packer.number(signal.high);
      packer.number(signal.low);
    }
    row.blob = packer.take();
  }
}

engine::Result<void> ToldThreads::restore(std::string_view key, std::string_view blob) {
  const auto time = [](std::int64_t ticks) { return EventTime{std::chrono::milliseconds{ticks}}; };
  engine::Unpacker unpacker(blob);
  const bool known = unpacker.number<std::uint8_t>() == kVersion;
  Told told;
  told.at = time(unpacker.number<std::int64_t>());
  told.until = time(unpacker.number<std::int64_t>());
  for (std::size_t left = unpacker.count(16); left > 0; --left) {
    Digest& signal = told.open.emplace_back();
    signal.high = unpacker.number<std::uint64_t>();
    signal.low = unpacker.number<std::uint64_t>();
  }
  if (!known || !unpacker.at_end() || key.size() != 32) {
    return engine::fail(engine::ErrorCode::kStore, "what a sink was told of is damaged, or a newer Tripline wrote it");
  }
  const Digest id = engine::from_hex(key);
  ends_.insert({told.until, id});
  threads_[id] = std::move(told);
  return {};
}

}  // namespace tripline::alerts
