#pragma once

#include <cstdint>

#include "engine/result.h"

namespace tripline::connectors {

/// A stretch of a byte stream, in bytes from its start.
struct Piece {
  enum class Kind {
    kValue,      // one JSON object whose brackets and strings are balanced
    kGarbage,    // bytes between values that are no object
    kBroken,     // an object that cannot be JSON, up to the next record
    kTruncated,  // an object or array that the stream's end cut off
    kTooDeep,    // an object nested deeper than max_depth
    kTooLarge,   // an object of more than max_bytes
  };
  Kind kind = Kind::kValue;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool like_record = false;  // of kBroken and kTruncated: it began as records do, with the same first key
  std::uint64_t size() const { return end - begin; }
};

/// Why a piece is set aside; a value, because it is no record.
engine::ErrorCode code_of(Piece::Kind kind);

}  // namespace tripline::connectors
