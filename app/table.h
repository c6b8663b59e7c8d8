#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/console.h"

namespace tripline::app {

/// What a column gives up when a line is too long for all of them.
struct Room {
  static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
  std::size_t least = 6;  // it is cut down to this width and no further; kWhole: never cut, for texts of ours alone
  int leaves = 0;         // its turn to be left out altogether, 1 the first; 0: it stays
};

struct TableColumn {
  std::string heading;
  bool right_aligned = false;
  Room room = {};
};

struct TableCell {
  std::string text;
  Style style = Style::kPlain;
};

/// An aligned table for people, in memory that does not grow with its rows: the first kSample rows settle the widths of
/// columns, the rest is fitted to them. On a terminal columns are left out and cut until lines have its width; past the
/// sample a cell that may not be cut down that far pushes its line.
class Table {
 public:
  static constexpr std::size_t kSample = 1000;

  /// Borrows the console, which outlives it. `width`: columns that a line may take; 0: unlimited.
  Table(std::vector<TableColumn> columns, Console& console, std::size_t width, Stream stream = Stream::kOut);

  /// One row, as many cells as columns. Cells are made printable here.
  void row(std::vector<TableCell> cells);
  void finish();

  /// The headings that had to be left out; of use after finish().
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  void settle();
  void print(const std::vector<TableCell>& cells);

  std::vector<TableColumn> columns_;
  Console& console_;
  std::size_t width_;
  Stream stream_;
  std::vector<std::size_t> widths_;  // empty until settled; 0: left out
  std::vector<std::string> left_out_;
  std::vector<std::vector<TableCell>> sample_;
};

/// The widths that columns get when their texts want `wanted` and a line of `limit` is to hold them with `gap` between:
/// columns leave in their turn (width 0) until the least widths fit, then the widest that may be cut gives way first.
/// In a line too narrow for what stays, columns keep their least width. As many rooms as widths; limit 0: unlimited.
std::vector<std::size_t> fitted(std::vector<std::size_t> wanted, const std::vector<Room>& rooms, std::size_t limit,
                                std::size_t gap);

}  // namespace tripline::app
