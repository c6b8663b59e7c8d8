#include "app/table.h"

#include <algorithm>

#include "app/printable.h"

namespace tripline::app {
namespace {

constexpr std::size_t kGap = 2;

/// What a line of these widths takes; columns of width 0 take nothing.
std::size_t line_width(const std::vector<std::size_t>& widths, std::size_t gap) {
  std::size_t total = 0;
  for (const std::size_t width : widths) {
    if (width > 0) total += width + (total > 0 ? gap : 0);
  }
  return total;
}

}  // namespace

std::vector<std::size_t> fitted(std::vector<std::size_t> wanted, const std::vector<Room>& rooms, std::size_t limit,
                                std::size_t gap) {
  if (limit == 0) return wanted;
  std::vector<std::size_t> least;
  int last_turn = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    least.push_back(std::min(wanted[i], rooms[i].least));
    last_turn = std::max(last_turn, rooms[i].leaves);
  }
  for (int turn = 1; turn <= last_turn && line_width(least, gap) > limit; ++turn) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (rooms[i].leaves == turn) wanted[i] = least[i] = 0;
    }
  }
  while (line_width(wanted, gap) > limit) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] > least[i] && (!widest || wanted[i] > *widest)) widest = &wanted[i];
    }
    if (!widest) break;
    --*widest;
  }
  return wanted;
}

Table::Table(std::vector<TableColumn> columns, Console& console, std::size_t width, Stream stream)
    : columns_(std::move(columns)), console_(console), width_(width), stream_(stream) {}

void Table::row(std::vector<TableCell> cells) {
  for (auto& cell : cells) cell.text = printable(cell.text);
  if (!widths_.empty()) return print(cells);
  sample_.push_back(std::move(cells));
  if (sample_.size() == kSample) settle();
}

void Table::finish() {
  if (widths_.empty()) settle();
}

void Table::settle() {
  std::vector<std::size_t> wanted;
  std::vector<Room> rooms;
  std::vector<TableCell> headings;
  for (const auto& column : columns_) {
    wanted.push_back(display_width(column.heading));
    rooms.push_back(column.room);
    headings.push_back({column.heading, Style::kBold});
  }
  for (const auto& cells : sample_) {
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = std::max(wanted[i], display_width(cells[i].text));
  }
  widths_ = fitted(std::move(wanted), rooms, width_, kGap);
  if (sample_.empty()) return;  // a heading over nothing says nothing
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    if (widths_[i] == 0) left_out_.push_back(columns_[i].heading);
  }
  print(headings);
  for (const auto& cells : sample_) print(cells);
  sample_.clear();
}

void Table::print(const std::vector<TableCell>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (widths_[i] == 0) continue;
    // Past the sample a cell pushes its line when there is no limit, or when it may not be cut down that far.
    const std::size_t most = std::max(widths_[i], columns_[i].room.least);
    const std::string text = width_ == 0 ? cells[i].text : truncated(cells[i].text, most);
    const std::size_t used = display_width(text);
    const std::string padding(used < widths_[i] ? widths_[i] - used : 0, ' ');
    if (columns_[i].right_aligned) line += padding;
    line += console_.paint(stream_, cells[i].style, text);
    if (!columns_[i].right_aligned) line += padding;
    line.append(kGap, ' ');
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  console_.line(stream_, line);
}

}  // namespace tripline::app
