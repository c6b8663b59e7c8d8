#include "alerts/batch.h"

#include <algorithm>
#include <utility>

#include "engine/packing.h"

namespace tripline::alerts {
namespace {

constexpr std::uint8_t kVersion = 2;  // 1 knew no threads

}  // namespace

void Batch::add(const Waiting& one, bool counted) {
  for (Waiting& known : listed) {
    if (known.member.signal != one.member.signal) continue;
    const Change first = known.member.change;
    known = one;
    known.member.change = std::min(first, one.member.change);
    if (first != Change::kOpened && one.member.change == Change::kClosed) known.member.change = Change::kClosed;
    return;
  }
  if (listed.size() < kMostListed) {
    listed.push_back(one);
  } else if (!counted) {
    ++more;
  }
}

bool Batch::end(const engine::Digest& thread, std::uint64_t revision) {
  bool any = false;
  for (Waiting& one : listed) {
    if (one.thread != thread) continue;
    one.over = revision;
    any = true;
  }
  return any;
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
  packer.count(batch.listed.size());
  for (const auto& [member, thread, over] : batch.listed) {
    packer.number(member.signal);
    packer.number(member.revision);
    packer.number(member.change);
    packer.number(thread);
    packer.number(over);
  }
  packer.number(batch.more);
  packer.number(batch.sent);
  return packer.take();
}

engine::Result<Batch> unpack_batch(std::string_view blob) {
  engine::Unpacker unpacker(blob);
  const auto version = unpacker.number<std::uint8_t>();
  Batch batch;
  batch.kind = unpacker.number<Batch::Kind>();
  batch.route = unpacker.text();
  batch.sink = unpacker.text();
  batch.group = unpacker.text();
  batch.due_at = engine::EventTime{std::chrono::milliseconds{unpacker.number<std::int64_t>()}};
  const std::size_t listed = unpacker.count(26);
  for (std::size_t i = 0; i < listed; ++i) {
    auto& [member, thread, over] = batch.listed.emplace_back();
    member.signal = unpacker.number<engine::Digest>();
    member.revision = unpacker.number<std::uint64_t>();
    const auto change = unpacker.number<std::uint8_t>();
    member.change = static_cast<Change>(std::min<std::uint8_t>(change, std::size(kChanges) - 1));
    if (version == 1) {
      unpacker.number<std::uint8_t>();
    } else {
      thread = unpacker.number<engine::Digest>();
      over = unpacker.number<std::uint64_t>();
    }
  }
  batch.more = unpacker.number<std::uint64_t>();
  batch.sent = unpacker.number<std::uint64_t>();
  const bool kind = batch.kind >= Batch::Kind::kHeldBack && batch.kind <= Batch::Kind::kDigest;
  const bool known = version >= 1 && version <= kVersion;
  if (known && kind && unpacker.at_end() && batch.listed.size() <= Batch::kMostListed) return batch;
  return engine::fail(engine::ErrorCode::kStore,
                      "a batch of signals that waits is damaged, or a newer Tripline wrote it");
}

}  // namespace tripline::alerts
