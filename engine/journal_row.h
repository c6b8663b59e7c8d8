#pragma once

#include <cstdint>

namespace tripline::engine {

/// Forms of a row of the journal, by its first byte (docs/store.md, "Journal").
enum class JournalForm : std::uint8_t {
  kPlain = 1,  // as stores of before have it: facts one by one, with all their texts
  kBlock = 2,  // a block of facts, and what the state of origins adds
};

}  // namespace tripline::engine
