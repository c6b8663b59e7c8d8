#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

namespace tripline::engine {

/// A group's key and what is kept of the group, in one piece of memory, as one of each group's own would cost 16 bytes
/// more. Beside both: 8 bytes, and what malloc adds. What is kept is bytes of any meaning, of which only whole copies
/// are made (std::memcpy); they need not be aligned.
class GroupBlock {
 public:
  GroupBlock() = default;  // of no group
  GroupBlock(std::string_view key, std::uint32_t hash) {
    allocate(kHead + key.size());
    const auto length = static_cast<std::uint32_t>(key.size());
    std::memcpy(bytes_.get(), &hash, sizeof hash);
    std::memcpy(bytes_.get() + sizeof hash, &length, sizeof length);
    if (!key.empty()) std::memcpy(bytes_.get() + kHead, key.data(), key.size());
  }

  explicit operator bool() const { return bytes_ != nullptr; }
  std::uint32_t hash() const { return number(0); }
  /// Valid until resize().
  std::string_view key() const { return {bytes_.get() + kHead, number(sizeof(std::uint32_t))}; }

  /// Requires a group. So many bytes as resize() was told of, and not before that.
  char* kept() { return bytes_.get() + kHead + key().size(); }
  const char* kept() const { return bytes_.get() + kHead + key().size(); }
  /// Keeps the first bytes of what was kept; a block of no group becomes that of the empty key.
  void resize(std::size_t kept) {
    if (!bytes_) *this = GroupBlock({}, 0);
    allocate(kHead + key().size() + kept);
  }

 private:
  static constexpr std::size_t kHead = 2 * sizeof(std::uint32_t);  // hash, length of the key

  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };

  void allocate(std::size_t size) {
    void* moved = std::realloc(bytes_.get(), size);
    if (moved == nullptr) throw std::bad_alloc();
    (void)bytes_.release();
    bytes_.reset(static_cast<char*>(moved));
  }

  std::uint32_t number(std::size_t offset) const {
    std::uint32_t value;
    std::memcpy(&value, bytes_.get() + offset, sizeof value);
    return value;
  }

  std::unique_ptr<char, Free> bytes_;
};

}  // namespace tripline::engine
