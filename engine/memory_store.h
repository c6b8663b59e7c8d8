#pragma once

#include <map>
#include <set>
#include <string>

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
  std::set<EventKey> keys_;
  std::map<std::string, Signal> signals_;
};

}  // namespace tripline::engine
