#include "tests/support/failing_new.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace tripline::tests {
namespace {

std::atomic<std::int64_t> left = 0;  // until one fails; 0: none does
std::atomic<std::size_t> too_small = 0;
thread_local bool exempt = false;

void* allocate(std::size_t size) {
  const bool counts = !exempt && left.load(std::memory_order_relaxed) > 0 && size > too_small;
  if (counts && left.fetch_sub(1) == 1) throw std::bad_alloc();
  void* const memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

FailingNew::FailingNew(std::uint64_t nth, std::size_t spared) {
  exempt = true;
  too_small = spared;
  left = static_cast<std::int64_t>(nth);
}

FailingNew::~FailingNew() {
  left = 0;
  exempt = false;
}

bool FailingNew::failed() const { return left <= 0; }

}  // namespace tripline::tests

void* operator new(std::size_t size) { return tripline::tests::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size > 0 ? size : 1); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
