// What a store keeps of a Lineage: one row a mint (docs/store.md, space 9).

#include <bit>
#include <map>

#include "engine/lineage.h"
#include "engine/origin_codec.h"
#include "engine/store/spaces.h"

namespace tripline::engine {

namespace {

enum Flag : std::uint8_t { kHasCreated = 1, kSameBearer = 2, kOutsideView = 4, kInCircle = 8, kSettled = 16 };

std::string key_of(const StoredMint& mint) {
  const std::uint64_t issued =
      mint.key ^ std::rotl(mint.session_id, 1) ^ std::rotl(mint.session_arn, 2) ^ std::rotl(mint.shared, 3);
  return store::big_endian(mint.time) + store::big_endian(mint.event) + store::big_endian(issued);
}

}  // namespace

void Lineage::note_change(Index index) {
  StoredMint& mint = table_.at(index);
  if (!tracks_ || mint.changed) return;
  mint.changed = true;
  changed_.push_back(index);
}

void Lineage::drop(const StoredMint& mint) {
  release_texts(mint);
  if (tracks_) erased_.push_back(key_of(mint));
}

void Lineage::pack(Index index, Packer& out) const {
  const StoredMint& mint = table_.at(index);
  for (const std::uint64_t id : {mint.key, mint.session_id, mint.session_arn, mint.shared, mint.event, mint.caller_key,
                                 mint.caller_session_id, mint.caller_session_arn}) {
    out.number(id);
  }
  out.number(mint.time);
  out.number(mint.expires);
  out.number(mint.caller_created);
  out.number(mint.caller_label);
  out.number(mint.behind);
  const bool is_settled = mint.origin != kNone;
  out.number(static_cast<std::uint8_t>((mint.caller_has_created ? kHasCreated : 0) |
                                       (mint.same_bearer ? kSameBearer : 0) | (mint.outside_view ? kOutsideView : 0) |
                                       (mint.in_circle ? kInCircle : 0) | (is_settled ? kSettled : 0)));
  if (is_settled) {
    engine::pack(origins_[mint.origin], out);
    return;
  }
  engine::pack(actors_[mint.caller], out);
  if (has_other(mint.behind)) engine::pack(actors_[mint.other], out);
}

bool Lineage::restore(Unpacker& in, bool is_new) {
  StoredMint mint{};
  for (std::uint64_t* id : {&mint.key, &mint.session_id, &mint.session_arn, &mint.shared, &mint.event, &mint.caller_key,
                            &mint.caller_session_id, &mint.caller_session_arn}) {
    *id = in.number<std::uint64_t>();
  }
  mint.time = in.number<Seconds>();
  mint.expires = in.number<Seconds>();
  mint.caller_created = in.number<Seconds>();
  mint.caller_label = in.number<std::uint32_t>();
  mint.behind = unpack_behind(in);
  const auto flags = in.number<std::uint8_t>();
  mint.next.fill(kNone);
  mint.caller = mint.other = mint.origin = kNone;
  mint.in_use = true;
  mint.caller_has_created = (flags & kHasCreated) != 0;
  mint.same_bearer = (flags & kSameBearer) != 0;
  mint.outside_view = (flags & kOutsideView) != 0;
  mint.in_circle = (flags & kInCircle) != 0;
  std::optional<Origin> origin;
  ChainActor caller, other;
  if ((flags & kSettled) != 0) {
    origin = unpack_origin(in);
  } else {
    caller = unpack_chain_actor(in);
    if (has_other(mint.behind)) other = unpack_chain_actor(in);
  }
  if (!in.ok()) return false;
  const Index index = insert(mint, caller, other);
  if (index == kNone) return true;
  if (origin) {
    StoredMint& entry = table_.at(index);
    release_texts(entry);
    entry.caller = entry.other = kNone;
    entry.origin = origins_.hold(std::move(*origin));
  }
  if (is_new) note_change(index);
  return true;
}

void Lineage::take_changes(std::vector<store::StateRow>& rows) {
  std::map<std::string, std::optional<std::string>> changes;  // one a key: what went may have come again
  for (std::string& key : erased_) changes[std::move(key)] = std::nullopt;
  erased_.clear();
  for (const Index index : changed_) {
    StoredMint& mint = table_.at(index);
    if (!mint.in_use || !mint.changed) continue;
    mint.changed = false;
    Packer out;
    out.number(kOriginRowVersion);
    pack(index, out);
    changes[key_of(mint)] = out.take();
  }
  changed_.clear();
  for (auto& [key, value] : changes) {
    rows.push_back({static_cast<std::int64_t>(store::Space::kMints), key, std::move(value)});
  }
}

}  // namespace tripline::engine
