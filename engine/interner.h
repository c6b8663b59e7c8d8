#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace tripline::engine {

/// Keeps equal values once, under a number, for as long as somebody holds it. Threads: one.
template <class T, class Hash>
class Interner {
 public:
  using Id = std::uint32_t;
  static constexpr Id kNone = static_cast<Id>(-1);

  /// The value's number, held once more. The number of a value that nobody held before may have been another's.
  Id hold(T value) {
    const auto [entry, fresh] = ids_.try_emplace(std::move(value), kNone);
    if (fresh) {
      if (free_.empty()) {
        entry->second = static_cast<Id>(slots_.size());
        slots_.emplace_back();
      } else {
        entry->second = free_.back();
        free_.pop_back();
      }
      slots_[entry->second].value = &entry->first;
    }
    ++slots_[entry->second].holders;
    return entry->second;
  }

  void release(Id id) {
    if (id == kNone || --slots_[id].holders > 0) return;
    ids_.erase(ids_.find(*slots_[id].value));
    slots_[id] = {};
    free_.push_back(id);
  }

  const T& operator[](Id id) const { return *slots_[id].value; }
  std::size_t size() const { return ids_.size(); }

 private:
  struct Slot {
    const T* value = nullptr;  // a key of ids_, whose address is stable
    std::uint32_t holders = 0;
  };
  std::unordered_map<T, Id, Hash> ids_;
  std::vector<Slot> slots_;
  std::vector<Id> free_;
};

}  // namespace tripline::engine
