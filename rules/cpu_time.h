#pragma once

#include <time.h>

namespace tripline::rules {

/// Seconds of processor time that the calling thread has used: a cost that does not grow when others use the machine.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace tripline::rules
