#include "app/serve/last_seen.h"

#include <algorithm>

#include "app/serve/live_status.h"
#include "engine/packing.h"

namespace tripline::app {

namespace {

constexpr std::uint8_t kVersion = 1;

engine::Error damaged() { return engine::fail(engine::ErrorCode::kStore, "the mark `last_seen` is damaged"); }

/// Records come from outside; what is no account does not take the place of one.
bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

void LastSeen::saw(Kind kind, std::string_view name, engine::EventTime at) {
  if (name.empty()) return;
  Who who(kind, name);
  const auto known = seen_.find(who);
  if (known != seen_.end()) {
    known->second = std::max(known->second, at);
  } else if (kind == Kind::kSource || seen_.size() < kMost) {
    seen_.emplace(std::move(who), at);
  } else {
    ++left_out_;
  }
}

void LastSeen::take(const LiveStatus& live) {
  for (const auto& [name, source] : live.sources) {
    if (source.last_delivery && name != kOwnSource) saw(Kind::kSource, name, *source.last_delivery);
  }
  for (const auto& [place, status] : live.places) {
    if (is_account(place.first)) saw(Kind::kAccount, place.first, status.last_seen);
  }
}

void LastSeen::forget_before(engine::EventTime time) {
  std::erase_if(seen_, [&](const auto& entry) { return entry.second < time; });
}

std::string LastSeen::packed() const {
  engine::Packer out;
  out.number(kVersion);
  out.number(static_cast<std::uint32_t>(seen_.size()));
  for (const auto& [who, at] : seen_) {
    out.number(who.first);
    out.text(who.second);
    out.number(at);
  }
  return out.take();
}

engine::Result<LastSeen> LastSeen::unpack(std::string_view bytes) {
  engine::Unpacker in(bytes);
  LastSeen seen;
  if (in.number<std::uint8_t>() != kVersion) return damaged();
  for (auto count = in.count(); count > 0 && in.ok(); --count) {
    const auto kind = in.number<Kind>();
    const std::string name(in.text());
    seen.saw(kind, name, in.number<engine::EventTime>());
  }
  if (!in.at_end()) return damaged();
  return seen;
}

}  // namespace tripline::app
