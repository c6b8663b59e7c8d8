#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace tripline::alerts {

/// How long to wait after failures in a row: twice as long after each, up to a limit, and then somewhat less by chance,
/// so that those who failed together do not come back together.
struct BackOff {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds longest{5 * 60'000};

  /// `failures`: in a row, at least 1. Between half of it and all of it.
  std::chrono::milliseconds wait(std::uint64_t failures, std::mt19937_64& random) const {
    std::chrono::milliseconds whole = first;
    for (std::uint64_t i = 1; i < failures && whole < longest; ++i) whole *= 2;
    whole = std::min(whole, longest);
    return std::chrono::milliseconds{
        std::uniform_int_distribution<std::int64_t>(whole.count() / 2, whole.count())(random)};
  }
};

}  // namespace tripline::alerts
