#include "connectors/record_reader.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

struct RecordReader::State {
  const engine::Envelope& envelope;
  Limits limits;
  std::string bytes;
  bool done = false;
};

RecordReader::RecordReader(const engine::Envelope& envelope, const Limits& limits, bool)
    : state_(new State{envelope, limits, {}, false}) {}

RecordReader::~RecordReader() = default;

Result<bool> RecordReader::next(RecordBatch& batch) {
  batch.clear();
  if (state_->done) return false;
  state_->done = true;
  if (state_->envelope.body) {
    state_->bytes = *state_->envelope.body;
  } else {
    std::ifstream file(state_->envelope.path, std::ios::binary);
    if (!file) return fail(ErrorCode::kIo, "cannot open " + state_->envelope.path);
    state_->bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  const std::size_t size = state_->bytes.size();
  batch.inflated_bytes = size;
  state_->bytes.append(engine::kRecordPadding, ' ');
  const std::string_view text(state_->bytes.data(), size);
  // NDJSON alone: a record a line.
  for (std::size_t begin = 0; begin < size;) {
    const std::size_t end = std::min(text.find('\n', begin), size);
    if (end > begin) {
      batch.records.push_back({.json = text.substr(begin, end - begin),
                               .envelope = &state_->envelope,
                               .offset = begin,
                               .index = static_cast<std::uint32_t>(batch.records.size())});
    }
    begin = end + 1;
  }
  return true;
}

}  // namespace tripline::connectors
