#pragma once

#include <string>

#include "engine/signal_codec.h"

namespace tripline::tests {

/// All of a signal as one text that can be compared.
inline std::string packed(const engine::Signal& signal) {
  engine::Packer out;
  engine::pack(signal, out);
  return out.take();
}

}  // namespace tripline::tests
