#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/event_facts.h"
#include "engine/facts_codec.h"
#include "engine/packing.h"
#include "engine/text_pool.h"

namespace tripline::engine {

/// Writes the facts of many events as one block, in which a text stands once, whoever says it. docs/store.md has the
/// format. Borrows the codec. Threads: not synchronised.
class FactsBlockWriter {
 public:
  explicit FactsBlockWriter(const FactsCodec& codec) : codec_(codec) {}
  FactsBlockWriter(const FactsBlockWriter&) = delete;  // its parts point at one another
  FactsBlockWriter& operator=(const FactsBlockWriter&) = delete;

  void add(const EventFacts& facts);
  /// Appends the block of what was added since the last call; nothing: no bytes.
  void write(Packer& out);

 private:
  const FactsCodec& codec_;
  TextPool texts_;
  Packer heads_;
  Packer bodies_{&texts_};
  std::uint32_t count_ = 0;
};

/// Reads such a block. Views its bytes; copies of it are cheap to make and view the same. No bytes are an empty block.
class FactsBlock {
 public:
  /// Nothing: the bytes are damaged.
  static std::optional<FactsBlock> read(std::string_view bytes);

  std::size_t size() const { return heads_.size(); }
  EventTime time(std::size_t index) const { return heads_[index].time; }
  std::uint64_t id(std::size_t index) const { return heads_[index].id; }

  /// Null: the bytes are damaged.
  std::shared_ptr<const EventFacts> facts(const FactsCodec& codec, std::size_t index) const;

 private:
  struct Head {
    EventTime time;
    std::uint64_t id;
    std::uint32_t end;  // of its body
  };
  std::vector<Head> heads_;
  std::vector<std::string_view> texts_;
  std::string_view bodies_;
};

}  // namespace tripline::engine
