#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/digest.h"
#include "engine/result.h"
#include "engine/signal.h"
#include "engine/store.h"

namespace tripline::alerts {

/// Another signal that has the same origin, as one sees it from a signal.
struct Related {
  std::string id;
  std::string title;  // of its rule
  engine::Level level = engine::Level::kInformational;
};

/// Which signals are of one origin: those whose time from first to last comes within kSpan of each other. Of a store as
/// it was when it was read, or of the latest signals, as add() tells of them.
/// Memory: 48 bytes a signal that names somebody, 40 more where there is a bound; titles of rules. Threads: one.
class RelatedSignals {
 public:
  static constexpr std::chrono::hours kSpan{24};
  static constexpr std::size_t kMost = 20;

  RelatedSignals() = default;
  /// Of at most so many signals, those that were added last.
  explicit RelatedSignals(std::size_t most) : most_(most) {}
  RelatedSignals(RelatedSignals&&) = default;  // a copy would name the other's titles
  RelatedSignals& operator=(RelatedSignals&&) = default;

  /// Calls its argument with each signal.
  using EachSignal = std::function<engine::Result<void>(const std::function<void(const engine::Signal&)>&)>;
  /// Errors: those of `each`.
  static engine::Result<RelatedSignals> of(const EachSignal& each);
  /// kStore: it cannot be read.
  static engine::Result<RelatedSignals> of(const engine::Store& store);

  /// A signal that there is, as it is now.
  void add(const engine::Signal& signal);
  /// One that is older than all others; false: there is no room for it.
  bool add_older(const engine::Signal& signal);

  /// Others of its origin, the gravest first, then in order of time; at most kMost.
  std::vector<Related> to(const engine::Signal& signal) const;

 private:
  struct Entry {
    engine::EventTime first;
    engine::EventTime last;
    engine::Digest id;
    const std::string* title;
    engine::Level level;
  };
  using Origin = std::uint64_t;  // a hash

  Entry entry_of(const engine::Signal& signal);

  std::size_t most_ = 0;  // 0: any number
  std::unordered_map<Origin, std::vector<Entry>> by_origin_;
  std::set<std::string> titles_;
  std::deque<std::pair<Origin, engine::Digest>> order_;  // where there is a bound: as they were added
};

}  // namespace tripline::alerts
