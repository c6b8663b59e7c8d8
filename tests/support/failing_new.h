#pragma once

#include <cstddef>
#include <cstdint>

namespace tripline::tests {

/// Lets one allocation by `new` fail, on any thread but the one that made this: the `nth` from now on, from 1, of those
/// of more than `spared` bytes. A program that uses it has its `new` and `delete` replaced by malloc and free. One at a
/// time.
class FailingNew {
 public:
  explicit FailingNew(std::uint64_t nth, std::size_t spared = 0);
  ~FailingNew();
  FailingNew(const FailingNew&) = delete;
  FailingNew& operator=(const FailingNew&) = delete;

  /// Whether that allocation came.
  bool failed() const;
};

}  // namespace tripline::tests
