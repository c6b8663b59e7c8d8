#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tripline::engine {

struct Envelope;

/// Bytes past a Record's end that may be read, never written: what readers of whole registers overrun.
inline constexpr std::size_t kRecordPadding = 64;

/// The bytes of one CloudTrail record (one JSON object, bare: every envelope form is already taken off) and where it
/// came from. A view: the RecordBatch that made it owns the bytes, the Envelope stays with the worker that reads it.
/// At least kRecordPadding readable bytes follow `json`, so that parsers and scanners work in place.
struct Record {
  std::string_view json;
  const Envelope* envelope = nullptr;
  std::uint64_t offset = 0;  // bytes from the start of the inflated delivery to this record, or to what carried it
  std::uint32_t index = 0;   // its place among the delivery's records, from 0
};

}  // namespace tripline::engine
