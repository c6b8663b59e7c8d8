#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/text_pool.h"

namespace tripline::engine {

/// Appends numbers as they lie in memory (little-endian, as on all machines that we run on) and texts with their
/// length. With a pool, texts are put there and only named here, and counts are short.
class Packer {
 public:
  /// Borrows the pool.
  explicit Packer(TextPool* pool = nullptr) : pool_(pool) {}

  template <class T>
  void number(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    if (pool_ != nullptr) return short_number(pool_->number_of(value));
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.append(value);
  }
  /// One that stands in a certain place in each of many items, and is likely to be what stood there before.
  void text(std::string_view value, std::size_t place) {
    if (pool_ != nullptr) return short_number(pool_->number_of(value, place));
    text(value);
  }
  /// A number that others of the blob are likely to equal.
  template <class T>
  void repeated(T value) {
    if (pool_ == nullptr) return number(value);
    static_assert(std::is_trivially_copyable_v<T>);
    text({reinterpret_cast<const char*>(&value), sizeof value});
  }
  /// How many items follow.
  void count(std::size_t items) {
    if (pool_ != nullptr) return short_number(items);
    number(static_cast<std::uint32_t>(items));
  }
  /// 7 bits a byte, the lowest first; the last byte is below 128.
  void short_number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void bytes(std::string_view value) { bytes_.append(value); }

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::exchange(bytes_, {}); }
  /// For who packs again and again: what there is, until clear(), which keeps the memory.
  std::string_view view() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  TextPool* pool_;
  std::string bytes_;
};

/// Reads what a Packer wrote. Bytes that end too early give zeros and empty texts, and ok() says so in the end.
class Unpacker {
 public:
  /// Views the bytes, and the texts by their numbers if the Packer had a pool.
  explicit Unpacker(std::string_view bytes, const std::vector<std::string_view>* pool = nullptr)
      : bytes_(bytes), pool_(pool) {}

  template <class T>
  T number() {
    static_assert(std::is_trivially_copyable_v<T>);
    if constexpr (std::is_same_v<T, bool>) return number<std::uint8_t>() != 0;  // damaged bytes are no bool
    T value{};
    const std::string_view raw = bytes(sizeof value);
    if (raw.size() == sizeof value) std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  /// A view of the bytes, or the pool's.
  std::string_view text() {
    if (pool_ == nullptr) return bytes(number<std::uint32_t>());
    const std::uint64_t named = short_number();
    if (named < pool_->size()) return (*pool_)[static_cast<std::size_t>(named)];
    damaged();
    return {};
  }
  template <class T>
  T repeated() {
    if (pool_ == nullptr) return number<T>();
    T value{};
    const std::string_view raw = text();
    if (raw.size() == sizeof value) {
      std::memcpy(&value, raw.data(), sizeof value);
    } else {
      damaged();
    }
    return value;
  }
  std::string_view bytes(std::size_t count) {
    if (count > bytes_.size()) {
      damaged();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  /// How many items follow, each of `least` bytes at least, so that no damaged number makes anybody wait for long.
  std::size_t count(std::size_t least = 1) {
    const std::uint64_t items = pool_ == nullptr ? number<std::uint32_t>() : short_number();
    if (items <= bytes_.size() / least) return static_cast<std::size_t>(items);
    damaged();
    return 0;
  }
  std::uint64_t short_number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = number<std::uint8_t>();
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    damaged();
    return 0;
  }
  std::string_view rest() { return bytes(bytes_.size()); }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && bytes_.empty(); }

 private:
  void damaged() {
    ok_ = false;
    bytes_ = {};
  }

  std::string_view bytes_;
  const std::vector<std::string_view>* pool_;
  bool ok_ = true;
};

}  // namespace tripline::engine
