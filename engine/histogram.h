#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tripline::engine {

/// How long something took, counted in buckets that fit both a commit and a late delivery. Units: seconds.
struct Histogram {
  static constexpr std::array<double, 16> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,  0.25,
                                                  0.5,   1,      2.5,   10,   60,    300,  1800, 7200};
  std::array<std::uint64_t, kBounds.size() + 1> counts{};  // by bucket, not summed up; the last: above all bounds
  double sum = 0;

  void add(double seconds) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
    ++counts[bucket];
    sum += seconds;
  }
  std::uint64_t count() const {
    std::uint64_t all = 0;
    for (const std::uint64_t one : counts) all += one;
    return all;
  }
};

}  // namespace tripline::engine
