#include "engine/literal_finder.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <unordered_map>

namespace tripline::engine {
namespace {

constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);
constexpr std::size_t kBitsPerWindow = 32;

}  // namespace

std::uint32_t LiteralFinder::window_at(const std::string& literal, std::size_t at) {
  return first_three(folded_bytes(literal.data() + at, kShortest));
}

LiteralFinder::LiteralFinder(std::vector<std::string> literals) : literals_(std::move(literals)) {
  if (literals_.empty()) return;
  std::unordered_map<std::uint32_t, std::uint32_t> uses;
  for (const auto& literal : literals_) {
    for (std::size_t at = 0; at + 3 <= literal.size(); ++at) ++uses[window_at(literal, at)];
  }
  for (std::uint32_t i = 0; i < literals_.size(); ++i) {
    const std::string& literal = literals_[i];
    std::size_t best = 0;
    for (std::size_t at = 1; at + 3 <= literal.size(); ++at) {
      if (uses[window_at(literal, at)] < uses[window_at(literal, best)]) best = at;
    }
    anchors_.push_back({window_at(literal, best), i, static_cast<std::uint32_t>(best)});
  }
  std::sort(anchors_.begin(), anchors_.end(), [](const Anchor& a, const Anchor& b) {
    return std::tie(a.window, a.literal) < std::tie(b.window, b.literal);
  });

  const std::size_t bits = std::bit_ceil(std::max<std::size_t>(anchors_.size() * kBitsPerWindow, 64));
  bits_shift_ = 64 - std::countr_zero(bits);
  bits_.assign(bits / 64, 0);
  places_.assign(std::bit_ceil(anchors_.size() * 2), kNone);
  for (std::uint32_t i = 0; i < anchors_.size(); ++i) {
    const std::uint32_t window = anchors_[i].window;
    if (i > 0 && anchors_[i - 1].window == window) continue;
    const std::uint64_t bit = hash(window) >> bits_shift_;
    bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    std::size_t at = hash(window) >> 32 & (places_.size() - 1);
    while (places_[at] != kNone) at = (at + 1) & (places_.size() - 1);
    places_[at] = i;
  }
}

std::uint32_t LiteralFinder::first_of(std::uint32_t window) const {
  for (std::size_t at = hash(window) >> 32;; ++at) {
    const std::uint32_t place = places_[at & (places_.size() - 1)];
    if (place == kNone || anchors_[place].window == window) return place;
  }
}

}  // namespace tripline::engine
