#include "engine/memory_store.h"

#include <algorithm>
#include <tuple>

namespace tripline::engine {

Result<void> MemoryStore::commit(Commit commit) {
  keys_.insert(commit.keys.begin(), commit.keys.end());
  for (Signal& signal : commit.signals) signals_.insert_or_assign(signal.id, std::move(signal));
  return {};
}

const Signal* MemoryStore::find(const std::string& id) const {
  const auto found = signals_.find(id);
  return found == signals_.end() ? nullptr : &found->second;
}

void MemoryStore::each_signal(const std::function<void(const Signal&)>& visit) const {
  std::vector<const Signal*> in_order;
  for (const auto& [id, signal] : signals_) in_order.push_back(&signal);
  std::sort(in_order.begin(), in_order.end(),
            [](const Signal* a, const Signal* b) { return std::tie(a->first, a->id) < std::tie(b->first, b->id); });
  for (const Signal* signal : in_order) visit(*signal);
}

}  // namespace tripline::engine
