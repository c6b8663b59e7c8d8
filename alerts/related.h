#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
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

/// Which signals of a store are of one origin: those whose time from first to last comes within kSpan of each other.
/// A picture of the store when it was made. Memory: 56 bytes a signal that names somebody; rules are held.
class RelatedSignals {
 public:
  static constexpr std::chrono::hours kSpan{24};
  static constexpr std::size_t kMost = 20;

  /// Calls its argument with each signal.
  using EachSignal = std::function<engine::Result<void>(const std::function<void(const engine::Signal&)>&)>;
  /// Errors: those of `each`.
  static engine::Result<RelatedSignals> of(const EachSignal& each);
  /// kStore: it cannot be read.
  static engine::Result<RelatedSignals> of(const engine::Store& store);

  /// Others of its origin, the gravest first, then in order of time; at most kMost.
  std::vector<Related> to(const engine::Signal& signal) const;

 private:
  struct Entry {
    std::uint64_t origin;  // a hash
    engine::EventTime first;
    engine::EventTime last;
    engine::Digest id;
    const engine::Rule* rule;
  };

  std::vector<Entry> entries_;  // by origin, then first
  std::vector<std::shared_ptr<const engine::RuleSet>> rules_;
};

}  // namespace tripline::alerts
