#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/event_facts.h"
#include "engine/facts_codec.h"
#include "engine/result.h"
#include "engine/unnamed_file.h"

namespace tripline::engine {

/// Facts of events of which memory is not to be full, in a file that is gone with the process: what State keeps beside
/// a store that is not durable. Memory: some 30 bytes an event. Threads: one.
class FactsSpill {
 public:
  /// kIo: they cannot be written.
  Result<void> add(const FactsCodec& codec, const std::vector<std::shared_ptr<const EventFacts>>& facts);

  /// Null: it has none of the event. kIo: they cannot be read.
  Result<std::shared_ptr<const EventFacts>> find(const FactsCodec& codec, std::uint64_t event) const;

 private:
  struct Place {
    std::uint64_t offset;
    std::uint32_t size;
  };
  struct Hash {
    std::size_t operator()(std::uint64_t event) const { return static_cast<std::size_t>(event); }  // it is a hash
  };

  boost::unordered_flat_map<std::uint64_t, Place, Hash> places_;
  UnnamedFile file_{"facts of events"};
};

}  // namespace tripline::engine
