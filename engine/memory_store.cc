#include "engine/memory_store.h"

#include <algorithm>
#include <tuple>

#include "engine/signal_codec.h"

namespace tripline::engine {

Result<void> MemoryStore::commit(Commit commit) {
  keys_.insert(commit.keys.begin(), commit.keys.end());
  for (Signal& signal : commit.signals) {
    before_.erase(signal.id);
    if (!packed_.empty()) packed_.erase(from_hex(signal.id));
    std::string id = signal.id;
    changed_.insert_or_assign(std::move(id), std::move(signal));
  }
  for (const std::string& id : commit.closed) close(id);
  if (changed_.size() < held_) return {};
  if (auto spilt = spill(before_); !spilt) return spilt.error();
  before_ = std::exchange(changed_, {});
  return {};
}

void MemoryStore::close(const std::string& id) {
  for (Signals* signals : {&changed_, &before_}) {
    if (const auto found = signals->find(id); found != signals->end()) found->second.closed = true;
  }
  if (packed_.empty()) return;
  if (const auto packed = packed_.find(from_hex(id)); packed != packed_.end()) packed->second.closed = true;
}

Result<void> MemoryStore::spill(const Signals& signals) {
  std::string bytes;
  std::vector<std::pair<Digest, Packed>> packed;
  for (const auto& [id, signal] : signals) {
    const std::size_t begin = bytes.size();
    Packer packer;
    pack(signal, packer);
    bytes += packer.take();
    packed.push_back({from_hex(id),
                      {signal.first, begin, static_cast<std::uint32_t>(bytes.size() - begin), place_of(signal.rules),
                       signal.closed}});
  }
  const auto offset = file_.append(bytes);
  if (!offset) return fail(ErrorCode::kStore, offset.error().message);
  for (auto& [id, one] : packed) {
    one.offset += *offset;
    packed_.insert_or_assign(id, one);
  }
  return {};
}

std::uint16_t MemoryStore::place_of(const std::shared_ptr<const RuleSet>& rules) {
  const auto known = std::find(rules_.begin(), rules_.end(), rules);
  const auto place = static_cast<std::uint16_t>(known - rules_.begin());
  if (place == rules_.size()) rules_.push_back(rules);
  return place;
}

Result<Signal> MemoryStore::load(const Packed& packed) const {
  std::string bytes(packed.size, '\0');
  if (auto read = file_.read(packed.offset, bytes); !read) return fail(ErrorCode::kStore, read.error().message);
  Unpacker in(bytes);
  Signal signal = unpack(in);
  signal.rules = rules_[packed.rules];
  signal.closed = packed.closed;
  return signal;
}

Result<const Signal*> MemoryStore::find(const std::string& id) const {
  for (const Signals* signals : {&changed_, &before_}) {
    if (const auto found = signals->find(id); found != signals->end()) return &found->second;
  }
  if (packed_.empty()) return nullptr;
  const auto packed = packed_.find(from_hex(id));
  if (packed == packed_.end()) return nullptr;
  auto loaded = load(packed->second);
  if (!loaded) return loaded.error();
  loaded_ = std::move(*loaded);
  return &*loaded_;
}

Result<void> MemoryStore::each_signal(const std::function<void(const Signal&)>& visit) const {
  struct Entry {
    EventTime first;
    Digest id;
    const Signal* held;
    const Packed* packed;
  };
  std::vector<Entry> in_order;
  in_order.reserve(changed_.size() + before_.size() + packed_.size());
  for (const Signals* signals : {&changed_, &before_}) {
    for (const auto& [id, signal] : *signals) in_order.push_back({signal.first, from_hex(id), &signal, nullptr});
  }
  for (const auto& [id, packed] : packed_) in_order.push_back({packed.first, id, nullptr, &packed});
  std::sort(in_order.begin(), in_order.end(),
            [](const Entry& a, const Entry& b) { return std::tie(a.first, a.id) < std::tie(b.first, b.id); });
  for (const Entry& entry : in_order) {
    if (entry.held != nullptr) {
      visit(*entry.held);
      continue;
    }
    const auto loaded = load(*entry.packed);
    if (!loaded) return loaded.error();
    visit(*loaded);
  }
  return {};
}

}  // namespace tripline::engine
