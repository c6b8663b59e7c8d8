#include "engine/lineage.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace tripline::engine {

namespace {

constexpr int kMostSteps = 32;              // up a chain that is not settled yet
constexpr std::uint32_t kSweepStep = 4096;  // mints that one forget() looks at

std::size_t combine(std::size_t seed, std::string_view text) {
  return seed * 0x9e3779b97f4a7c15 + std::hash<std::string_view>{}(text);
}

MintTable::Ask ask_of(const Bearer& bearer) {
  const CredentialIds& ids = bearer.ids;
  return {.key = ids.key,
          .session_id = ids.session_id,
          .session_arn = ids.session_arn,
          .sign_in = ids.sign_in,
          .has_created = ids.created.has_value(),
          .created = ids.created ? seconds_of(*ids.created) : 0,
          .time = seconds_of(bearer.time),
          .self = MintTable::kNone,
          .shared = 0};
}

MintTable::Ask ask_of_caller(const StoredMint& mint, MintTable::Index self) {
  return {.key = mint.caller_key,
          .session_id = mint.caller_session_id,
          .session_arn = mint.caller_session_arn,
          .sign_in = 0,  // stands for the key
          .has_created = mint.caller_has_created,
          .created = mint.caller_created,
          .time = mint.time,
          .self = self,
          .shared = mint.shared};
}

constexpr std::string_view kArrow = " → ";
constexpr std::string_view kUnknownSteps = "…";

void start_with(const ChainActor& actor, Origin& out) {
  out.principal = actor.principal;
  out.name = actor.name;
  out.account = actor.account;
  out.kind = actor.kind;
}

void append_step(const ChainActor& actor, Origin& out) {
  if (!out.path.empty()) out.path += kArrow;
  out.path += actor.label;
  if (!actor.account.empty() && actor.account != out.path_account) out.path.append("@").append(actor.account);
  out.path_account = actor.account;
}

/// The origin of somebody whom no mint leads to.
Origin begin(const ChainActor& actor, Behind behind, const ChainActor* other) {
  Origin out;
  start_with(other == nullptr ? actor : *other, out);
  out.resolution = !needs_mint(behind)         ? Resolution::kExact
                   : behind == Behind::kNobody ? Resolution::kUnresolved
                                               : Resolution::kInferred;
  if (other != nullptr) {
    append_step(*other, out);
    out.depth = 1;
  }
  if (behind == Behind::kNobody || behind == Behind::kNamed) {
    out.path.append(out.path.empty() ? "" : kArrow).append(kUnknownSteps);
  }
  append_step(actor, out);
  return out;
}

Origin extend(Origin out, const ChainActor& actor, Behind behind, const ChainActor* other) {
  // A name that AWS carries along the chain tells who began it where the mints do not.
  if (out.resolution == Resolution::kUnresolved && behind == Behind::kNamed) {
    start_with(*other, out);
    out.resolution = Resolution::kInferred;
    out.path = other->label + std::string(kArrow) + out.path;
    ++out.depth;
  }
  append_step(actor, out);
  ++out.depth;
  return out;
}

}  // namespace

std::size_t Lineage::ActorHash::operator()(const ChainActor& actor) const {
  return combine(combine(combine(0, actor.principal), actor.name), actor.label);
}

std::size_t Lineage::OriginHash::operator()(const Origin& origin) const {
  return combine(combine(combine(0, origin.principal), origin.name), origin.path);
}

void Lineage::release_texts(const StoredMint& mint) {
  actors_.release(mint.caller);
  actors_.release(mint.other);
  origins_.release(mint.origin);
}

bool Lineage::add(const Mint& mint, Packer* row) {
  const CredentialIds& issued = mint.issued;
  if (issued.key == 0 && issued.session_id == 0 && issued.session_arn == 0 && mint.shared == 0) return false;
  if (table_.size() >= options_.max_mints) {
    ++dropped_;
    return false;
  }
  const Index index = insert(stored(mint), mint.caller.actor, mint.caller.other);
  if (index == kNone) return false;
  note_change(index);
  if (row != nullptr) pack(index, *row);
  return true;
}

/// kNone: it was known.
Lineage::Index Lineage::insert(const StoredMint& mint, const ChainActor& caller, const ChainActor& other) {
  const Index index = table_.add(mint, [&](const StoredMint& old) { drop(old); });
  if (index == kNone) return kNone;
  StoredMint& entry = table_.at(index);
  entry.caller = actors_.hold(caller);
  if (has_other(entry.behind)) entry.other = actors_.hold(other);
  pending_.push({entry.time, index});
  return index;
}

Origin Lineage::of_caller(Index mint, int steps) const {
  const StoredMint& entry = table_.at(mint);
  if (entry.origin != kNone) return origins_[entry.origin];
  const Step caller{actors_[entry.caller], entry.behind, entry.other == kNone ? nullptr : &actors_[entry.other]};
  const bool look_up = needs_mint(entry.behind) && !entry.in_circle && steps > 0;
  const Index above = look_up ? table_.find(ask_of_caller(entry, mint)) : kNone;
  return above == kNone ? begin(caller.actor, caller.behind, caller.other) : through(above, caller, steps - 1);
}

Origin Lineage::through(Index mint, const Step& step, int steps) const {
  Origin above = of_caller(mint, steps);
  return table_.at(mint).same_bearer ? above : extend(std::move(above), step.actor, step.behind, step.other);
}

Origin Lineage::origin_of(const Bearer& bearer) const {
  if (const Index copy = table_.find_shared(bearer.shared); copy != kNone) return of_caller(copy, kMostSteps);
  const Step step{bearer.actor, bearer.behind, has_other(bearer.behind) ? &bearer.other : nullptr};
  const Index mint = needs_mint(bearer.behind) ? table_.find(ask_of(bearer)) : kNone;
  return mint == kNone ? begin(step.actor, step.behind, step.other) : through(mint, step, kMostSteps);
}

std::uint64_t Lineage::mint_behind(const Bearer& bearer) const {
  const Index copy = table_.find_shared(bearer.shared);
  const Index mint = table_.find(copy == kNone ? ask_of(bearer) : ask_of_caller(table_.at(copy), copy));
  return mint == kNone ? 0 : table_.at(mint).event;
}

void Lineage::each_link(const std::function<void(const Link&)>& visit) const {
  for (Index index = 0; index < table_.end(); ++index) {
    const StoredMint& entry = table_.at(index);
    if (!entry.in_use) continue;
    const Index above = entry.in_circle ? kNone : table_.find(ask_of_caller(entry, index));
    visit(
        {.mint = entry.event, .above = above == kNone ? 0 : table_.at(above).event, .same_bearer = entry.same_bearer});
  }
}

bool Lineage::is_complete(EventTime time) const { return seconds_of(time) + MintTable::kClockSkew <= complete_; }

std::optional<std::uint64_t> Lineage::awaited(const Bearer& bearer) const {
  constexpr auto kFinal = std::nullopt;
  constexpr std::uint64_t kTime = 0;
  MintTable::Ask ask = ask_of(bearer);
  if (bearer.shared != 0) {
    // Both copies bear the time of the call.
    const Index copy = table_.find_shared(bearer.shared);
    const bool is_settled = copy != kNone && (table_.at(copy).origin != kNone || !needs_mint(table_.at(copy).behind));
    if (is_settled) return kFinal;
    if (copy != kNone) return kTime;
    if (ask.time + MintTable::kClockSkew > complete_) return bearer.shared;
  }
  if (!needs_mint(bearer.behind)) return kFinal;
  if (ask.key == 0 && ask.sign_in == 0 && !ask.is_by_beginning() && !ask.is_session_alone()) return kFinal;
  if (ask.time + MintTable::kClockSkew <= complete_) {
    const Index mint = table_.find(ask);
    return mint == kNone || table_.at(mint).origin != kNone ? kFinal : std::optional(kTime);
  }
  if (bearer.behind == Behind::kImplied && ask.is_by_beginning()) {
    // Nobody else can be in such a session, so the mint that begins it tells all, whatever keys it goes on with.
    const Index mint = table_.find(ask);
    if (mint == kNone || table_.at(mint).outside_view) return session_of(bearer.ids);
    if (table_.at(mint).origin != kNone || !needs_mint(table_.at(mint).behind)) return kFinal;
  }
  // Keys name one mint each, so a chain of keys up to somebody who needs none is whole.
  for (int steps = 0; steps < kMostSteps; ++steps) {
    const Index mint = table_.find_by_key(ask, ask.key);
    if (mint == kNone || table_.at(mint).outside_view) return ask.key;
    const StoredMint& entry = table_.at(mint);
    if (entry.origin != kNone || !needs_mint(entry.behind)) return kFinal;
    ask = ask_of_caller(entry, mint);
  }
  return kTime;
}

/// Walks up to what is settled, then settles downwards, so that a chain of any length costs a step each.
/// False: something on the way is too young to be sure of.
bool Lineage::settle_from(Index first) {
  walk_.clear();
  bool sure = true;
  for (Index index = first; index != kNone;) {
    StoredMint& entry = table_.at(index);
    if (entry.time + MintTable::kClockSkew > complete_) {
      sure = false;
      break;
    }
    entry.on_walk = true;
    walk_.push_back(index);
    const Index above = needs_mint(entry.behind) ? table_.find(ask_of_caller(entry, index)) : kNone;
    if (above == kNone || table_.at(above).origin != kNone) break;
    if (table_.at(above).on_walk) {
      for (auto member = walk_.rbegin();; ++member) {
        table_.at(*member).in_circle = true;
        if (*member == above) break;
      }
      break;
    }
    index = above;
  }
  for (; !walk_.empty(); walk_.pop_back()) {
    StoredMint& entry = table_.at(walk_.back());
    entry.on_walk = false;
    if (!sure) continue;
    const std::uint32_t origin = origins_.hold(of_caller(walk_.back(), 1));
    release_texts(entry);
    entry.caller = entry.other = kNone;
    entry.origin = origin;
    if (needs_mint(entry.behind)) note_change(walk_.back());  // of all others the row tells it
  }
  return sure;
}

void Lineage::settle(EventTime complete) {
  complete_ = std::max(complete_, seconds_of(complete));
  std::vector<Pending> unsure;
  while (!pending_.empty() && pending_.top().time + MintTable::kClockSkew <= complete_) {
    const Pending next = pending_.top();
    pending_.pop();
    const StoredMint& entry = table_.at(next.index);
    // The mint may have gone, and its place be another's.
    if (!entry.in_use || entry.origin != kNone || entry.time != next.time) continue;
    if (!settle_from(next.index)) unsure.push_back(next);
  }
  for (const Pending& again : unsure) pending_.push(again);
}

void Lineage::forget(EventTime before) {
  const Seconds now = seconds_of(before);
  for (std::uint32_t looked = 0; looked < kSweepStep && looked < table_.end(); ++looked) {
    if (sweep_ >= table_.end()) sweep_ = 0;
    const StoredMint& entry = table_.at(sweep_);
    if (entry.in_use && entry.origin != kNone && entry.expires + MintTable::kGrace < now) {
      drop(entry);
      table_.erase(sweep_);
    }
    ++sweep_;
  }
}

std::size_t Lineage::memory_bytes() const { return table_.memory_bytes() + pending_.size() * sizeof(Pending); }

}  // namespace tripline::engine
