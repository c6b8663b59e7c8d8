#include "rules/text_lines.h"

#include <algorithm>

namespace tripline::rules {
namespace {

constexpr std::size_t kMostLines = 1000;  // more than a condition has

int column_of(std::string_view source, std::size_t at) {
  const std::size_t line_end = at == 0 ? std::string_view::npos : source.rfind('\n', at - 1);
  return static_cast<int>(line_end == std::string_view::npos ? at + 1 : at - line_end);
}

/// How many characters stand for the one in the text: two when it is escaped, 0 when it is another.
std::size_t written_as(char text, std::string_view source) {
  if (source.empty()) return 0;
  if (source[0] == text && !(text == '\'' && source.starts_with("''"))) return 1;
  const bool escaped = source.size() > 1 && source[1] == text && (source[0] == '\\' || source[0] == text);
  return escaped ? 2 : 0;
}

}  // namespace

std::vector<TextLine> text_lines(std::string_view source, std::size_t at, int line, std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r", kWhite = " \t\r\n";
  std::vector<TextLine> lines;
  if (at >= source.size()) return lines;
  if (text.find('\n') == std::string_view::npos && source.substr(at).starts_with(text)) return lines;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t line_end = source.find_first_not_of(kBlanks, at);
    const bool ends = line_end != std::string_view::npos && source[line_end] == '\n';
    if (ends && kWhite.find(text[i]) != std::string_view::npos) {
      // Whatever a fold or a block makes of the line's end and of blank lines, white space it is on both sides.
      const std::size_t next = std::min(source.find_first_not_of(kWhite, line_end), source.size());
      const std::string_view between = source.substr(at, next - at);
      line += static_cast<int>(std::count(between.begin(), between.end(), '\n'));
      at = next;
      i = std::min(text.find_first_not_of(kWhite, i), text.size());
      lines.push_back({i, line, column_of(source, at)});
    } else if (const std::size_t written = written_as(text[i], source.substr(at)); written > 0) {
      at += written;
      ++i;
      if (written > 1) lines.push_back({i, line, column_of(source, at)});
    } else {
      lines.push_back({i, line, 0});
      break;
    }
    if (lines.size() == kMostLines) {
      lines.back().column = 0;
      break;
    }
  }
  return lines;
}

Position place_in(const Position& first, const std::vector<TextLine>& lines, std::size_t offset) {
  Position at = first;
  std::size_t begin = 0;
  for (const TextLine& line : lines) {
    if (line.offset > offset) break;
    at.line = line.line;
    at.column = line.column;
    begin = line.offset;
  }
  if (at.column != 0) at.column += static_cast<int>(offset - begin);
  return at;
}

}  // namespace tripline::rules
