#pragma once

#include <utility>
#include <vector>

#include "engine/memory_store.h"

namespace tripline::tests {

/// A MemoryStore that remembers the transitions of all commits.
class RecordingStore : public engine::MemoryStore {
 public:
  engine::Result<void> commit(engine::Commit commit) override {
    transitions_.insert(transitions_.end(), commit.transitions.begin(), commit.transitions.end());
    return MemoryStore::commit(std::move(commit));
  }
  const std::vector<engine::Transition>& transitions() const { return transitions_; }

 private:
  std::vector<engine::Transition> transitions_;
};

}  // namespace tripline::tests
