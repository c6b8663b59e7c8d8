#include "connectors/byte_buffer.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "engine/record.h"

namespace tripline::connectors {
namespace {

constexpr std::size_t kKeptBytes = std::size_t{16} << 20;

}  // namespace

char* ByteBuffer::reserve(std::size_t size) {
  if (capacity_ - size_ < size) {
    const std::size_t capacity = std::max(size_ + size, capacity_ * 2);
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity + engine::kRecordPadding);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }
  return bytes_.get() + size_;
}

void ByteBuffer::added(std::size_t size) {
  assert(capacity_ - size_ >= size);
  size_ += size;
  if (bytes_) std::memset(bytes_.get() + size_, 0, engine::kRecordPadding);
}

void ByteBuffer::drop_front(std::size_t size) {
  assert(size <= size_);
  if (size == 0) return;
  std::memmove(bytes_.get(), bytes_.get() + size, size_ - size);
  size_ -= size;
}

void ByteBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(reserve(bytes.size()), bytes.data(), bytes.size());
  added(bytes.size());
}

void ByteBuffer::clear() {
  if (capacity_ > kKeptBytes) {
    bytes_.reset();
    capacity_ = 0;
  }
  size_ = 0;
}

}  // namespace tripline::connectors
