#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <utility>

namespace tripline::engine {

/// Remembers at least the last `size` hashes that were put in or asked for, and at most twice as many. 0 is none.
/// Threads: one.
class RecentSet {
 public:
  explicit RecentSet(std::size_t size) : size_(size) {}

  void put(std::uint64_t hash) {
    if (hash == 0) return;
    if (now_.size() >= size_) before_ = std::exchange(now_, {});
    now_.insert(hash);
  }

  bool has(std::uint64_t hash) {
    if (now_.contains(hash)) return true;
    if (!before_.contains(hash)) return false;
    put(hash);
    return true;
  }

 private:
  std::size_t size_;
  std::unordered_set<std::uint64_t> now_, before_;
};

}  // namespace tripline::engine
