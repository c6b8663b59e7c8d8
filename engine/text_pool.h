#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::engine {

/// Texts of one blob, each once, with the numbers that they are named by there. The empty one is 0.
/// Threads: not synchronised.
class TextPool {
 public:
  TextPool() { clear(); }

  /// Puts it in if it is not there.
  std::uint32_t number_of(std::string_view text);
  /// The same, and quicker where the text is the one that this place, below kPlaces, had last.
  std::uint32_t number_of(std::string_view text, std::size_t place);
  static constexpr std::size_t kPlaces = 32;
  std::string_view text(std::uint32_t number) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size()); }

  /// Keeps its memory.
  void clear();

 private:
  void grow();

  std::array<std::uint32_t, kPlaces> last_{};  // by place; perhaps of a blob before
  std::string bytes_;
  std::vector<std::uint32_t> begins_;  // of each text in bytes_; it ends where the next one begins
  std::vector<std::uint32_t> hashes_;
  std::vector<std::uint32_t> index_;  // open addressing; 0: free, else a number, as nobody looks the empty text up
};

}  // namespace tripline::engine
