#include "app/table.h"

#include <algorithm>
#include <numeric>

#include "app/printable.h"

namespace tripline::app {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 6;

}  // namespace

std::vector<std::size_t> fitted(std::vector<std::size_t> wanted, std::size_t limit, std::size_t gap) {
  if (limit == 0 || wanted.empty()) return wanted;
  const std::size_t gaps = gap * (wanted.size() - 1);
  std::size_t total = std::accumulate(wanted.begin(), wanted.end(), gaps);
  while (total > limit) {
    const auto widest = std::max_element(wanted.begin(), wanted.end());
    if (*widest <= kNarrowest) break;
    --*widest;
    --total;
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
  std::vector<TableCell> headings;
  for (const auto& column : columns_) {
    wanted.push_back(display_width(column.heading));
    headings.push_back({column.heading, Style::kBold});
  }
  for (const auto& cells : sample_) {
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = std::max(wanted[i], display_width(cells[i].text));
  }
  widths_ = fitted(std::move(wanted), width_, kGap);
  if (sample_.empty()) return;  // a heading over nothing says nothing
  print(headings);
  for (const auto& cells : sample_) print(cells);
  sample_.clear();
}

void Table::print(const std::vector<TableCell>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool last = i + 1 == cells.size();
    // Past the sample an unlimited table lets a long cell push its line; a limited one cuts it.
    const std::string text =
        width_ == 0 ? cells[i].text : truncated(cells[i].text, std::max<std::size_t>(widths_[i], 1));
    const std::size_t used = display_width(text);
    const std::string padding(used < widths_[i] ? widths_[i] - used : 0, ' ');
    if (columns_[i].right_aligned) line += padding;
    line += console_.paint(stream_, cells[i].style, text);
    if (!columns_[i].right_aligned && !last) line += padding;
    if (!last) line.append(kGap, ' ');
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  console_.line(stream_, line);
}

}  // namespace tripline::app
