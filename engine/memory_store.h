#pragma once

#include <string>
#include <unordered_map>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/store.h"

namespace tripline::engine {

/// The Store of `scan` and of tests: gone with the process.
class MemoryStore : public Store {
 public:
  Result<void> commit(Commit commit) override;
  bool seen(const EventKey& key) const override { return keys_.contains(key); }
  const Signal* find(const std::string& id) const override;
  void each_signal(const std::function<void(const Signal&)>& visit) const override;

 private:
  boost::unordered_flat_set<EventKey, EventKeyHash> keys_;
  std::unordered_map<std::string, Signal> signals_;
};

}  // namespace tripline::engine
