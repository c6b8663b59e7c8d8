#pragma once

#include <optional>

#include "engine/envelope.h"
#include "engine/result.h"

namespace tripline::engine {

/// A way in. One thread pulls from it.
class Source {
 public:
  virtual ~Source() = default;

  /// The next delivery; nothing at the end.
  virtual Result<std::optional<Envelope>> next() = 0;

  /// The state of everything in this delivery is durable; it need not be delivered again.
  virtual void acknowledge(const Envelope& envelope) = 0;
};

}  // namespace tripline::engine
