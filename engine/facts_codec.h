#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/digest.h"
#include "engine/event_facts.h"
#include "engine/packing.h"

namespace tripline::engine {

/// Packs facts for a store: correlations are named by their shapes (engine/correlation_shape.h), so that they are found
/// again under another rule set, and what feeds those that are gone is left out.
/// Threads: not synchronised.
class FactsCodec {
 public:
  explicit FactsCodec(std::vector<Digest> shapes);

  const std::vector<Digest>& shapes() const { return shapes_; }
  /// Place of a correlation; nothing: this rule set has none of the shape.
  const std::uint32_t* find(const Digest& shape) const;

  void pack(const EventFacts& facts, Packer& out) const;
  /// The bytes were damaged if in.ok() is false afterwards.
  std::shared_ptr<const EventFacts> unpack(Unpacker& in) const;

  /// All but time and id, for who has them elsewhere.
  void pack_rest(const EventFacts& facts, Packer& out) const;
  std::shared_ptr<const EventFacts> unpack_rest(EventTime time, std::uint64_t id, Unpacker& in) const;

 private:
  std::vector<Digest> shapes_;
  boost::unordered_flat_map<Digest, std::uint32_t, DigestHash> places_;
};

}  // namespace tripline::engine
