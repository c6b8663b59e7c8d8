#include "engine/mint_table.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>
#include <xxhash.h>

#include "engine/mint.h"

namespace tripline::engine {

namespace {

using Seconds = MintTable::Seconds;

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
  return value ^ (value >> 33);
}

/// Sessions are found by when they began, a little more or less: by the span of seconds that holds it.
constexpr Seconds kSpan = 4;
static_assert(2 * MintTable::kClockSkew <= kSpan, "two spans hold all that may be meant");
std::uint64_t session_hash(std::uint64_t session, Seconds time, Seconds span = kSpan) {
  return session == 0 ? 0 : mix(session + time / span) | 1;
}

/// Where nothing tells when a session began, all hours in which it may have are looked at.
constexpr Seconds kHour = 3600;
constexpr Seconds kLongest = static_cast<Seconds>(std::chrono::seconds(kLongestLifetime).count()) + MintTable::kGrace;

/// Alike for two mints of one caller, who goes on under one name or one session.
std::array<std::uint64_t, 3> caller_of(const StoredMint& mint) {
  if (!needs_mint(mint.behind)) return {mint.caller_label, 0, 0};
  const std::uint64_t session = mint.caller_session_arn != 0 ? mint.caller_session_arn : mint.caller_session_id;
  if (!mint.caller_has_created) return {mint.caller_label, mint.caller_key, session};
  return {mint.caller_label, session, mint.caller_created};
}

/// Of mints that carry a session on the caller is the session itself, however its records show it.
bool have_one_caller(const StoredMint& a, const StoredMint& b) {
  return a.same_bearer && b.same_bearer ? a.caller_label == b.caller_label : caller_of(a) == caller_of(b);
}

}  // namespace

Seconds seconds_of(EventTime time) {
  constexpr std::int64_t kRoomForLifetimes = 1'000'000;
  const auto count = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return static_cast<Seconds>(
      std::clamp<std::int64_t>(count, 0, std::numeric_limits<Seconds>::max() - kRoomForLifetimes));
}

StoredMint stored(const Mint& mint) {
  const Bearer& caller = mint.caller;
  StoredMint out{};
  out.time = seconds_of(mint.time);
  out.expires = out.time + static_cast<Seconds>(mint.lifetime.count());
  out.key = mint.issued.key;
  out.session_id = mint.issued.session_id;
  out.session_arn = mint.issued.session_arn;
  out.shared = mint.shared;
  out.event = mint.event;
  out.caller_key = caller.ids.sign_in != 0 ? caller.ids.sign_in : caller.ids.key;
  out.caller_session_id = caller.ids.session_id;
  out.caller_session_arn = caller.ids.session_arn;
  out.caller_has_created = caller.ids.created.has_value();
  if (caller.ids.created) out.caller_created = seconds_of(*caller.ids.created);
  out.next.fill(StoredMint::kNone);
  out.caller = out.other = out.origin = StoredMint::kNone;
  const std::string_view label = caller.actor.label;
  const std::string_view account = caller.actor.account;
  out.caller_label = static_cast<std::uint32_t>(mix(XXH3_64bits(label.data(), label.size())) ^
                                                XXH3_64bits(account.data(), account.size()));
  out.behind = caller.behind;
  out.same_bearer = mint.same_bearer;
  out.outside_view = mint.outside_view;
  out.in_use = true;
  return out;
}

std::uint64_t StoredMint::hash(Way way) const {
  switch (way) {
    case kByKey:
      return key;
    case kBySessionId:
      return session_hash(session_id, time);
    case kBySessionArn:
      return session_hash(session_arn, time);
    case kByShared:
      return shared;
    case kByHourOfId:
      return session_hash(session_id, time, kHour);
    case kByHourOfArn:
      return session_hash(session_arn, time, kHour);
    case kWays:
      break;
  }
  return 0;
}

template <class Visit>
void MintTable::each(Way way, std::uint64_t hash, Visit visit) const {
  if (hash == 0 || buckets_[way].empty()) return;
  for (Index i = buckets_[way][hash & (buckets_[way].size() - 1)]; i != kNone; i = at(i).next[way]) {
    if (at(i).hash(way) == hash) visit(i);
  }
}

MintTable::Same MintTable::same_as(const StoredMint& mint) const {
  Same same;
  const Way way = mint.key != 0           ? StoredMint::kByKey
                  : mint.session_id != 0  ? StoredMint::kBySessionId
                  : mint.session_arn != 0 ? StoredMint::kBySessionArn
                                          : StoredMint::kByShared;
  const auto issued = [](const StoredMint& m) { return std::array{m.key, m.session_id, m.session_arn, m.shared}; };
  each(way, mint.hash(way), [&](Index i) {
    const StoredMint& other = at(i);
    if (issued(other) != issued(mint)) return;
    same.known = same.known || other.event == mint.event;
    const bool one_action = mint.shared != 0 && other.time == mint.time && other.expires == mint.expires &&
                            other.same_bearer == mint.same_bearer;
    if (!one_action || mint.outside_view == other.outside_view) return;
    same.known = same.known || mint.outside_view;
    if (other.outside_view) same.stands_back.push_back(i);
  });
  return same;
}

MintTable::Index MintTable::insert(const StoredMint& mint) {
  Index index = free_;
  if (index != kNone) {
    free_ = at(index).next[StoredMint::kByKey];
  } else {
    if (used_ == blocks_.size() * kBlock) blocks_.push_back(std::make_unique<StoredMint[]>(kBlock));
    index = used_++;
  }
  at(index) = mint;
  ++size_;
  if (size_ > 2 * buckets_[0].size()) {
    grow_buckets();
  } else {
    link(index);
  }
  return index;
}

void MintTable::grow_buckets() {
  const std::size_t count = std::max<std::size_t>(64, buckets_[0].size() * 2);
  for (auto& buckets : buckets_) buckets.assign(count, kNone);
  for (Index i = 0; i < used_; ++i) {
    if (at(i).in_use) link(i);
  }
}

void MintTable::link(Index index) {
  StoredMint& mint = at(index);
  for (std::size_t way = 0; way < StoredMint::kWays; ++way) {
    const std::uint64_t hash = mint.hash(static_cast<Way>(way));
    if (hash == 0) continue;
    Index& head = buckets_[way][hash & (buckets_[way].size() - 1)];
    mint.next[way] = head;
    head = index;
  }
}

void MintTable::erase(Index index) {
  StoredMint& mint = at(index);
  for (std::size_t way = 0; way < StoredMint::kWays; ++way) {
    const std::uint64_t hash = mint.hash(static_cast<Way>(way));
    if (hash == 0) continue;
    Index* link_here = &buckets_[way][hash & (buckets_[way].size() - 1)];
    while (*link_here != index) link_here = &at(*link_here).next[way];
    *link_here = mint.next[way];
  }
  mint.in_use = false;
  mint.next[StoredMint::kByKey] = free_;
  free_ = index;
  --size_;
}

bool MintTable::may_be(const Ask& ask, Index index) const {
  const StoredMint& mint = at(index);
  const bool is_live = mint.time <= ask.time + kClockSkew && ask.time <= mint.expires + kGrace;
  return is_live && index != ask.self && (ask.shared == 0 || mint.shared != ask.shared);
}

MintTable::Index MintTable::find_by_key(const Ask& ask, std::uint64_t key) const {
  Index best = kNone;
  bool two_callers = false;
  // The last before the call, else the first behind it; the caller's view before the owner's.
  const auto rank = [&](const StoredMint& m) {
    const bool is_behind = m.time > ask.time;
    return std::tuple(is_behind, is_behind ? m.time - ask.time : ask.time - m.time, m.outside_view);
  };
  each(StoredMint::kByKey, key, [&](Index i) {
    if (!may_be(ask, i)) return;
    const StoredMint& mint = at(i);
    if (best == kNone || rank(mint) < rank(at(best))) {
      best = i;
      two_callers = false;
    } else if (rank(mint) == rank(at(best))) {
      two_callers = two_callers || caller_of(mint) != caller_of(at(best));
      if (mint.event < at(best).event) best = i;
    }
  });
  return two_callers ? kNone : best;
}

MintTable::Index MintTable::by_session(const Ask& ask, Way way, std::uint64_t session) const {
  if (session == 0 || !ask.has_created) return kNone;
  Index best = kNone;
  bool two_callers = false;
  const auto distance = [&](const StoredMint& m) {
    return std::max(m.time, ask.created) - std::min(m.time, ask.created);
  };
  // Who tells more of a session: its caller before its bearer, the very second before one near it, the caller's view
  // before the owner's. Different callers of one rank leave it open whose it is.
  const auto rank = [&](const StoredMint& m) {
    return std::array<bool, 3>{m.same_bearer, distance(m) != 0, m.outside_view};
  };
  const auto better = [&](const StoredMint& a, const StoredMint& b) {
    return std::tuple(distance(a), a.time, a.event) < std::tuple(distance(b), b.time, b.event);
  };
  const auto look = [&](Index i) {
    const StoredMint& mint = at(i);
    if (!may_be(ask, i) || distance(mint) > kClockSkew) return;
    if (best == kNone || rank(mint) < rank(at(best))) {
      best = i;
      two_callers = false;
    } else if (rank(mint) == rank(at(best))) {
      two_callers = two_callers || !have_one_caller(mint, at(best));
      if (better(mint, at(best))) best = i;
    }
  };
  const Seconds first = ask.created > kClockSkew ? ask.created - kClockSkew : 0;
  const Seconds last = ask.created + kClockSkew;
  each(way, session_hash(session, first), look);
  if (first / kSpan != last / kSpan) each(way, session_hash(session, last), look);
  return two_callers ? kNone : best;
}

/// The session's mints before those that carried it on; all by one caller, or it is open whose session it is.
MintTable::Index MintTable::by_live_session(const Ask& ask) const {
  if (!ask.is_session_alone()) return kNone;
  const bool has_arn = ask.session_arn != 0;
  const Way way = has_arn ? StoredMint::kByHourOfArn : StoredMint::kByHourOfId;
  const std::uint64_t session = has_arn ? ask.session_arn : ask.session_id;
  Index best = kNone;
  bool two_callers = false;
  const auto look = [&](Index i) {
    if ((has_arn ? at(i).session_arn : at(i).session_id) != session || !may_be(ask, i)) return;
    const Index index = inside_view(ask, i);
    const StoredMint& mint = at(index);
    if (best == kNone || (at(best).same_bearer && !mint.same_bearer)) {
      best = index;
      two_callers = false;
    } else if (mint.same_bearer == at(best).same_bearer) {
      two_callers = two_callers || caller_of(mint) != caller_of(at(best));
      if (std::tuple(at(best).time, mint.event) < std::tuple(mint.time, at(best).event)) best = index;
    }
  };
  const Seconds first = ask.time > kLongest ? ask.time - kLongest : 0;
  for (Seconds hour = first / kHour; hour <= (ask.time + kClockSkew) / kHour; ++hour) {
    each(way, session_hash(session, hour * kHour, kHour), look);
  }
  return two_callers ? kNone : best;
}

/// The caller's view of a mint, where only the owner's was found and both are there.
MintTable::Index MintTable::inside_view(const Ask& ask, Index index) const {
  if (!at(index).outside_view) return index;
  Index inside = kNone;
  each(StoredMint::kByShared, at(index).shared, [&](Index i) {
    if (at(i).outside_view || !may_be(ask, i)) return;
    if (inside == kNone || at(i).event < at(inside).event) inside = i;
  });
  return inside == kNone ? index : inside;
}

MintTable::Index MintTable::find_shared(std::uint64_t shared) const {
  Index found = kNone;
  each(StoredMint::kByShared, shared, [&](Index i) {
    if (!at(i).outside_view && (found == kNone || at(i).event < at(found).event)) found = i;
  });
  return found;
}

MintTable::Index MintTable::find(const Ask& ask) const {
  Index found = find_by_key(ask, ask.key);
  if (found == kNone) found = find_by_key(ask, ask.sign_in);
  if (found == kNone) found = by_session(ask, StoredMint::kBySessionId, ask.session_id);
  if (found == kNone) found = by_session(ask, StoredMint::kBySessionArn, ask.session_arn);
  if (found == kNone) return by_live_session(ask);
  return inside_view(ask, found);
}

std::size_t MintTable::memory_bytes() const {
  std::size_t bytes = blocks_.size() * (sizeof(StoredMint) * kBlock + sizeof(blocks_[0]));
  for (const auto& buckets : buckets_) bytes += buckets.capacity() * sizeof(Index);
  return bytes;
}

}  // namespace tripline::engine
