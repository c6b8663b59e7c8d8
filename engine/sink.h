#pragma once

#include "engine/result.h"
#include "engine/signal.h"

namespace tripline::engine {

/// A way out for signals. One thread delivers to it.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> deliver(const Signal& signal) = 0;
  /// After the last signal: what was held back is written.
  virtual Result<void> finish() = 0;
};

}  // namespace tripline::engine
