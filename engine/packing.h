#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tripline::engine {

/// Appends numbers as they lie in memory (little-endian, as on all machines that we run on) and texts with their
/// length.
class Packer {
 public:
  template <class T>
  void number(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.append(value);
  }
  void bytes(std::string_view value) { bytes_.append(value); }

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::exchange(bytes_, {}); }

 private:
  std::string bytes_;
};

/// Reads what a Packer wrote. Bytes that end too early give zeros and empty texts, and ok() says so in the end.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    const std::string_view raw = bytes(sizeof value);
    if (raw.size() == sizeof value) std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  /// A view of the bytes.
  std::string_view text() { return bytes(number<std::uint32_t>()); }
  std::string_view bytes(std::size_t count) {
    if (count > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  /// How many items follow, each of `least` bytes at least, so that no damaged number makes anybody wait for long.
  std::size_t count(std::size_t least = 1) {
    const auto items = number<std::uint32_t>();
    if (items <= bytes_.size() / least) return items;
    ok_ = false;
    bytes_ = {};
    return 0;
  }
  std::string_view rest() { return bytes(bytes_.size()); }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace tripline::engine
