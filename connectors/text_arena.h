#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace tripline::connectors {

/// Memory for texts that are taken out of other texts. What was allocated stays where it is until clear(), and at least
/// engine::kRecordPadding bytes behind it may be read.
class TextArena {
 public:
  /// Room for `size` bytes. keep() says how much of it is used; without it, the next allocate() takes it back.
  char* allocate(std::size_t size);
  void keep(std::size_t size);

  std::size_t used() const { return used_; }  // bytes kept since clear()

  /// Forgets all texts; keeps some memory for the next ones.
  void clear();

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  std::vector<Chunk> chunks_;
  std::size_t used_ = 0;
};

}  // namespace tripline::connectors
