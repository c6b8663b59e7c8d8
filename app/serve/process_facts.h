#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tripline::app {

/// What the system says of this process, as Prometheus clients tell it. 0: not known.
/// Source: Prometheus, "Writing client libraries", "Process metrics"; proc(5), /proc/pid/stat.
struct ProcessFacts {
  double cpu_seconds = 0;    // user and system
  double start_seconds = 0;  // since 1970
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t max_files = 0;
  std::uint64_t threads = 0;
};

ProcessFacts read_process_facts();

/// The part of it that /proc/self/stat tells. `start_seconds` is left out, as it wants the time of the boot.
ProcessFacts read_process_stat(std::string_view stat, double ticks_per_second, std::uint64_t page_bytes);

/// Bytes that may still be written to the file system that holds `path`; 0: not known.
std::uint64_t free_disk_bytes(const std::string& path);

}  // namespace tripline::app
