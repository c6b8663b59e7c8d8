#include "alerts/batches.h"

namespace tripline::alerts {

using engine::EventTime;

Batch& Batches::change(const std::string& id, Batch fresh) {
  touched_.insert(id);
  const auto [at, added] = batches_.try_emplace(id, std::move(fresh));
  if (added) due_.insert({at->second.due_at, id});
  return at->second;
}

void Batches::end(std::string_view sink, const engine::Digest& thread, std::uint64_t revision) {
  for (auto& [id, batch] : batches_) {
    if (batch.sink == sink && batch.end(thread, revision)) touched_.insert(id);
  }
}

const std::string* Batches::due(EventTime now) const {
  return due_.empty() || due_.begin()->first > now ? nullptr : &due_.begin()->second;
}

void Batches::wait_again(const std::string& id, EventTime due) {
  Batch& batch = batches_.at(id);
  due_.erase({batch.due_at, id});
  due_.insert({due, id});
  batch.clear();
  batch.due_at = due;
  touched_.insert(id);
}

void Batches::erase(const std::string& id) {
  const auto at = batches_.find(id);
  due_.erase({at->second.due_at, id});
  batches_.erase(at);
  touched_.insert(id);
}

void Batches::take_rows(std::vector<RoutingRow>& into) {
  for (const std::string& id : std::exchange(touched_, {})) {
    const auto at = batches_.find(id);
    RoutingRow& row = into.emplace_back();
    row.key = std::string(kRows) + id;
    if (at != batches_.end()) row.blob = pack(at->second);
  }
}

engine::Result<void> Batches::restore(std::string_view key, std::string_view blob) {
  auto batch = unpack_batch(blob);
  if (!batch) return batch.error();
  due_.insert({batch->due_at, std::string(key)});
  batches_.insert_or_assign(std::string(key), std::move(*batch));
  return {};
}

}  // namespace tripline::alerts
