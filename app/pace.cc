#include "app/pace.h"

#include <algorithm>

namespace tripline::app {

Pace::Clock::duration Pace::wait_before(Clock::time_point now, std::uint64_t amount) {
  if (per_second_ == 0) return {};
  const Clock::time_point begin = std::max(now, due_);
  const std::chrono::duration<double> takes{static_cast<double>(amount) / static_cast<double>(per_second_)};
  due_ = begin + std::chrono::duration_cast<Clock::duration>(takes);
  return begin - now;
}

}  // namespace tripline::app
