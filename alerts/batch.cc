#include "alerts/batch.h"

#include <algorithm>
#include <utility>

#include "engine/packing.h"

namespace tripline::alerts {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

bool Batch::add(const Member& member) {
  for (Member& known : members) {
    if (known.signal != member.signal) continue;
    const Change first = known.change;
    known = member;
    known.change = std::min(first, member.change);
    if (first != Change::kOpened && member.change == Change::kClosed) known.change = Change::kClosed;
    return true;
  }
  if (members.size() == kMostMembers) {
    ++more;
    return false;
  }
  members.push_back(member);
  return true;
}

bool Batch::close(const engine::Digest& signal) {
  const auto at =
      std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.signal == signal; });
  if (at == members.end()) return false;
  at->change = Change::kClosed;
  return true;
}

std::string batch_id(const Batch& batch) {
  return to_hex(engine::digest_128(
      {"batch", std::to_string(static_cast<int>(batch.kind)), batch.route, batch.sink, batch.group}));
}

std::string pack(const Batch& batch) {
  engine::Packer packer;
  packer.number(kVersion);
  packer.number(batch.kind);
  packer.text(batch.route);
  packer.text(batch.sink);
  packer.text(batch.group);
  packer.number(batch.due_at.time_since_epoch().count());
  packer.count(batch.members.size());
  for (const Member& member : batch.members) {
    packer.number(member.signal.high);
    packer.number(member.signal.low);
    packer.number(member.revision);
    packer.number(member.change);
    packer.number(member.goes_on);
  }
  packer.number(batch.more);
  packer.number(batch.sent);
  return packer.take();
}

engine::Result<Batch> unpack_batch(std::string_view blob) {
  engine::Unpacker unpacker(blob);
  const bool known = unpacker.number<std::uint8_t>() == kVersion;
  Batch batch;
  batch.kind = unpacker.number<Batch::Kind>();
  batch.route = unpacker.text();
  batch.sink = unpacker.text();
  batch.group = unpacker.text();
  batch.due_at = engine::EventTime{std::chrono::milliseconds{unpacker.number<std::int64_t>()}};
  const std::size_t members = unpacker.count(26);
  for (std::size_t i = 0; i < members; ++i) {
    Member& member = batch.members.emplace_back();
    member.signal.high = unpacker.number<std::uint64_t>();
    member.signal.low = unpacker.number<std::uint64_t>();
    member.revision = unpacker.number<std::uint64_t>();
    const auto change = unpacker.number<std::uint8_t>();
    member.change = static_cast<Change>(std::min<std::uint8_t>(change, std::size(kChanges) - 1));
    member.goes_on = unpacker.number<std::uint8_t>() != 0;
  }
  batch.more = unpacker.number<std::uint64_t>();
  batch.sent = unpacker.number<std::uint64_t>();
  const bool kind = batch.kind >= Batch::Kind::kHeldBack && batch.kind <= Batch::Kind::kDigest;
  if (known && kind && unpacker.at_end() && batch.members.size() <= Batch::kMostMembers) return batch;
  return engine::fail(engine::ErrorCode::kStore,
                      "a batch of signals that waits is damaged, or a newer Tripline wrote it");
}

}  // namespace tripline::alerts
