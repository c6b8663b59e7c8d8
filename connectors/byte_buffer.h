#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace tripline::connectors {

/// Bytes that come in at the end and go at the front, with engine::kRecordPadding readable bytes behind them.
/// Its memory is reused, not initialised, and given back when it was much larger than usual.
class ByteBuffer {
 public:
  std::string_view view() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }

  /// Room for `size` more bytes behind the present ones; added() says how many of them came. Views into the buffer die.
  char* reserve(std::size_t size);
  void added(std::size_t size);

  /// Drops the first `size` bytes. Views into the buffer die.
  void drop_front(std::size_t size);
  void append(std::string_view bytes);
  void clear();

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tripline::connectors
