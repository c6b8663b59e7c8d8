#pragma once

#include <cstddef>
#include <cstdint>

namespace tripline::connectors {

/// Caps on hostile or broken input. Whatever one cuts is set aside and counted by name, never dropped in silence.
struct Limits {
  std::uint64_t max_inflated_bytes = std::uint64_t{8} << 30;  // of one delivery, all gzip levels together
  std::size_t max_record_bytes = std::size_t{64} << 20;       // of one record or of what carries records
  std::uint64_t max_inflate_ratio = 2000;  // inflated to compressed, judged past 64 MiB inflated (gzip bombs)
  int max_depth = 64;                      // of JSON nesting in one record
  int max_wrappings = 4;                   // envelope forms inside one another
};

}  // namespace tripline::connectors
