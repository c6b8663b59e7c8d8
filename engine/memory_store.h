#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/digest.h"
#include "engine/store.h"
#include "engine/unnamed_file.h"

namespace tripline::engine {

/// The Store of `scan`: gone with the process.
///
/// The signals that changed last are held as they are, `held` to twice as many of them; the others are packed into a
/// file without a name and cost some 100 bytes of memory each, keys of matched events some 20 to 40.
class MemoryStore : public Store {
 public:
  static constexpr std::size_t kHeld = 1024;
  explicit MemoryStore(std::size_t held = kHeld) : held_(held) {}

  Result<void> commit(Commit commit) override;
  bool seen(const EventKey& key) const override { return keys_.contains(key); }
  Result<const Signal*> find(const std::string& id) const override;
  Result<void> each_signal(const std::function<void(const Signal&)>& visit) const override;

  std::size_t spilled() const { return packed_.size(); }

 private:
  using Signals = std::unordered_map<std::string, Signal>;
  struct Packed {
    EventTime first;
    std::uint64_t offset;
    std::uint32_t size;
    std::uint16_t rules;  // place in rules_
    bool closed;
  };

  void close(const std::string& id);
  Result<void> spill(const Signals& signals);
  Result<Signal> load(const Packed& packed) const;
  std::uint16_t place_of(const std::shared_ptr<const RuleSet>& rules);

  std::size_t held_;
  boost::unordered_flat_set<EventKey, EventKeyHash> keys_;
  Signals changed_;                                               // since the last spill
  Signals before_;                                                // those of the time before
  boost::unordered_flat_map<Digest, Packed, DigestHash> packed_;  // by id
  std::vector<std::shared_ptr<const RuleSet>> rules_;
  UnnamedFile file_{"signals that memory is not kept for"};
  mutable std::optional<Signal> loaded_;
};

}  // namespace tripline::engine
