#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/record_reader.h"

namespace {

using namespace tripline;
using connectors::RecordBatch;

void require(bool holds) {
  if (!holds) std::abort();
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// What one reading found, to be compared with another's.
struct Found {
  std::vector<std::string> records;
  std::vector<std::uint64_t> offsets;
  std::vector<connectors::Skipped> skipped;
  std::vector<std::uint64_t> asides;
  std::uint64_t inflated_bytes = 0;
  bool operator==(const Found&) const = default;
};

Found read(const engine::Envelope& envelope, const connectors::Limits& limits, bool cloudtrail,
           std::size_t batch_bytes) {
  Found found;
  RecordBatch batch;
  connectors::RecordReader reader(envelope, limits, cloudtrail, batch_bytes);
  for (;;) {
    const auto more = reader.next(batch);
    require(more.has_value());  // a body cannot fail to be read
    if (!*more) break;
    for (const auto& record : batch.records) {
      require(record.envelope == &envelope && record.index == found.records.size());
      require(!record.json.empty() && record.json.front() == '{' && record.json.back() == '}');
      require(record.json.size() <= limits.max_record_bytes);
      const bool unwrapped = !lies_in(record.json, batch.bytes.view());
      require(!unwrapped || batch.unwrapped.used() >= record.json.size());
      const std::string padded(record.json.data(), record.json.size() + engine::kRecordPadding);  // reads the padding
      found.records.push_back(padded.substr(0, record.json.size()));
      found.offsets.push_back(record.offset);
    }
    found.skipped.insert(found.skipped.end(), batch.skipped.begin(), batch.skipped.end());
    for (const auto& aside : batch.set_aside) {
      require(!aside.reason.empty());
      found.asides.insert(found.asides.end(), {aside.offset, aside.bytes, static_cast<std::uint64_t>(aside.code)});
    }
    found.inflated_bytes += batch.inflated_bytes;
  }
  require(std::is_sorted(found.offsets.begin(), found.offsets.end()));
  require(found.offsets.empty() || found.offsets.back() < found.inflated_bytes);
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < found.asides.size(); i += 3) {
    require(found.asides[i] >= end);
    end = found.asides[i] + found.asides[i + 1];
    require(end <= found.inflated_bytes);
  }
  return found;
}

}  // namespace

/// Any delivery, gzip or not: what is found lies in memory that may be read, stands in order, and does not depend on
/// how much is read at a time. The first byte chooses limits and batch size, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  engine::Envelope envelope;
  envelope.path = "body";
  envelope.account = "123456789012";
  envelope.region = "eu-west-1";
  envelope.body = std::string(reinterpret_cast<const char*>(data + 1), size - 1);
  connectors::Limits limits;
  limits.max_inflated_bytes = std::uint64_t{64} << 10;  // for speed
  if ((choice & 1) != 0) limits.max_record_bytes = 500;
  if ((choice & 2) != 0) limits.max_depth = 3;
  if ((choice & 4) != 0) limits.max_wrappings = 1;
  const bool cloudtrail = (choice & 8) == 0;
  const std::size_t batch_bytes = std::size_t{1} << (choice >> 4);  // 1 byte to 32 KiB
  const Found whole = read(envelope, limits, cloudtrail, std::size_t{64} << 10);
  require(read(envelope, limits, cloudtrail, batch_bytes) == whole);
  return 0;
}
