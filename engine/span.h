#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/correlation.h"
#include "engine/value_counts.h"
#include "engine/window_entries.h"

namespace tripline::engine {

/// Which layout a correlation's entries have.
WindowEntries::Layout layout_of(CorrelationType type);

/// A run of a group's entries, moved forward over them, and what a correlation makes of it.
/// Source: Sigma Correlation Rules Specification 2.1.0, "Correlation Types"; docs/correlations.md.
/// Threads: none; it lives within one call. Borrows both, which may not change meanwhile.
class Span {
 public:
  /// `most`: so many entries are in spans at most, all moves together.
  Span(const Correlation& correlation, const WindowEntries& entries, std::size_t most);

  /// Becomes the entries [first, end); neither may go back.
  void move(std::size_t first, std::size_t end);

  std::size_t first() const { return first_; }
  std::size_t end() const { return end_; }
  bool has(std::uint16_t input) const { return by_input_[input] > 0; }

  /// What the condition compares: events, values, a sum, an average, a percentile, rules, or steps in order.
  double value();

 private:
  std::size_t values();
  double sum() const;
  double percentile() const;
  std::size_t steps_in_order() const;

  const Correlation& correlation_;
  const WindowEntries& entries_;
  WindowEntries::Layout layout_;
  std::size_t most_;
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::vector<std::uint32_t> by_input_;  // of kTemporal: entries of each input
  // Of kValueCount: of the entries [counted_first_, counted_end_), where somebody asked for it.
  std::optional<ValueCounts> by_value_;
  std::size_t counted_first_ = 0;
  std::size_t counted_end_ = 0;
};

}  // namespace tripline::engine
