#include "connectors/text_arena.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/record.h"

namespace tripline::connectors {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

}  // namespace

char* TextArena::allocate(std::size_t size) {
  if (chunks_.empty() || chunks_.back().size - chunks_.back().used < size) {
    Chunk chunk;
    chunk.size = std::max(size, kChunkBytes);
    chunk.bytes = std::make_unique_for_overwrite<char[]>(chunk.size + engine::kRecordPadding);
    std::memset(chunk.bytes.get() + chunk.size, 0, engine::kRecordPadding);
    chunks_.push_back(std::move(chunk));
  }
  return chunks_.back().bytes.get() + chunks_.back().used;
}

void TextArena::keep(std::size_t size) {
  assert(!chunks_.empty() && chunks_.back().size - chunks_.back().used >= size);
  chunks_.back().used += size;
  used_ += size;
}

void TextArena::clear() {
  if (!chunks_.empty() && chunks_.front().size > kChunkBytes) chunks_.clear();
  if (chunks_.size() > 1) chunks_.resize(1);
  if (!chunks_.empty()) chunks_.front().used = 0;
  used_ = 0;
}

}  // namespace tripline::connectors
