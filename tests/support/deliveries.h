#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/limits.h"
#include "connectors/record_batch.h"

namespace tripline::tests {

/// All that one delivery held, copied out of its batches.
struct Delivery {
  std::vector<std::string> records;
  std::vector<std::uint64_t> offsets;  // of the records
  std::vector<connectors::SetAside> set_aside;
  std::vector<connectors::Skipped> skipped;
  std::vector<std::string> warnings;
  std::uint64_t inflated_bytes = 0;
  std::uint64_t stored_bytes = 0;
  std::size_t batches = 0;
  std::string error;  // of the reader; empty when there was none
};

struct ReadOptions {
  connectors::Limits limits;
  bool cloudtrail = true;
  std::size_t batch_bytes = std::size_t{4} << 20;
  std::string path = "body";  // the envelope's; its account and region are read from it
};

/// Reads `body` to its end.
Delivery read_body(std::string_view body, const ReadOptions& options = {});

/// Reads the file options.path to its end.
Delivery read_file(const ReadOptions& options);

/// One gzip member.
std::string gzip(std::string_view text);
std::string base64(std::string_view bytes);
/// `text` between quotes, with the escapes that JSON asks for.
std::string json_string(std::string_view text);

/// A CloudTrail record with that event name, one line, its keys in AWS' order.
std::string record(std::string_view name);

}  // namespace tripline::tests
