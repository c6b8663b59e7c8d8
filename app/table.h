#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/console.h"

namespace tripline::app {

struct TableColumn {
  std::string heading;
  bool right_aligned = false;
};

struct TableCell {
  std::string text;
  Style style = Style::kPlain;
};

/// An aligned table for people, in memory that does not grow with its rows: the first kSample rows settle the widths of
/// columns, the rest is fitted to them. On a terminal lines are cut to its width, the widest columns first.
class Table {
 public:
  static constexpr std::size_t kSample = 1000;

  /// Borrows the console, which outlives it. `width`: columns that a line may take; 0: unlimited.
  Table(std::vector<TableColumn> columns, Console& console, std::size_t width, Stream stream = Stream::kOut);

  /// One row, as many cells as columns. Cells are made printable here.
  void row(std::vector<TableCell> cells);
  void finish();

 private:
  void settle();
  void print(const std::vector<TableCell>& cells);

  std::vector<TableColumn> columns_;
  Console& console_;
  std::size_t width_;
  Stream stream_;
  std::vector<std::size_t> widths_;  // empty until settled
  std::vector<std::vector<TableCell>> sample_;
};

/// The widths that columns get when their texts want `wanted` and a line of `limit` is to hold them with `gap` between:
/// the widest gives way first, and none falls below 6 or what it wants, if that is less.
std::vector<std::size_t> fitted(std::vector<std::size_t> wanted, std::size_t limit, std::size_t gap);

}  // namespace tripline::app
