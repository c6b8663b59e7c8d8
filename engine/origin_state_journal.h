#pragma once

#include <cstdint>

namespace tripline::engine {

/// What an entry of OriginState's journal begins with; docs/store.md, "What the blobs hold".
enum class JournalEntry : std::uint8_t {
  kMint = 1,    // as Lineage::add() writes it
  kWaits = 2,   // an Undecided
  kJudged = 3,  // the time and key of one that waited
};

}  // namespace tripline::engine
