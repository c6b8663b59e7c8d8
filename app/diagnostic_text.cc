#include "app/diagnostic_text.h"

#include <algorithm>
#include <fstream>

#include "app/printable.h"
#include "app/quantity.h"

namespace tripline::app {
namespace {

constexpr std::size_t kBrokenNamed = 20;
constexpr std::size_t kExcerptColumns = 100;  // of a source line

std::string place(const rules::Position& at) {
  std::string text = at.path;
  if (at.line > 0) text += ":" + std::to_string(at.line);
  if (at.line > 0 && at.column > 0) text += ":" + std::to_string(at.column);
  return text;
}

/// Tabs as one blank, so that the caret below stands where it should.
std::string untabbed(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\t', ' ');
  return printable(out);
}

bool is_inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

/// truncated(), from the front.
std::string last_columns(std::string_view text, std::size_t columns) {
  std::size_t width = display_width(text);
  if (width <= columns) return std::string(text);
  while (width > columns - 1) {
    const std::size_t length = first_character(text).length;
    width -= display_width(text.substr(0, length));
    text.remove_prefix(length);
  }
  return "…" + std::string(text);
}

/// What stands on both sides of a byte of a source line, in at most kExcerptColumns; `…` where it was cut.
struct Excerpt {
  std::string left, right;
};
Excerpt excerpt(std::string_view line, std::size_t at) {
  constexpr std::size_t kMostBytes = 16 * kExcerptColumns;  // so that no line, however long, takes time
  at = std::min(at, line.size());
  while (is_inside_character(line, at)) --at;
  std::size_t from = at - std::min(at, kMostBytes);
  while (is_inside_character(line, from)) ++from;
  std::size_t to = std::min(line.size(), at + kMostBytes);
  while (is_inside_character(line, to)) --to;
  const std::string left = (from > 0 ? "…" : "") + untabbed(line.substr(from, at - from));
  const std::string right = untabbed(line.substr(at, to - at)) + (to < line.size() ? "…" : "");
  const std::size_t least_right = std::min(display_width(right), kExcerptColumns / 2);
  const std::size_t of_left = std::min(display_width(left), kExcerptColumns - least_right);
  return {last_columns(left, of_left), truncated(right, kExcerptColumns - of_left)};
}

}  // namespace

std::string_view name_of(rules::Severity severity) { return severity == rules::Severity::kError ? "error" : "warning"; }

std::string headline(const rules::Diagnostic& diagnostic, const Console& console, Stream stream) {
  const bool is_error = diagnostic.code->severity == rules::Severity::kError;
  const std::string kind =
      std::string(name_of(diagnostic.code->severity)) + "[" + std::string(diagnostic.code->code) + "]";
  return console.paint(stream, Style::kBold, printable(place(diagnostic.at)) + ":") + " " +
         console.paint(stream, is_error ? Style::kRed : Style::kYellow, kind + ":") + " " +
         printable(diagnostic.message);
}

std::string_view SourceLines::line(const std::string& path, int number) {
  auto [entry, fresh] = files_.try_emplace(path);
  if (fresh) {
    std::ifstream in(path);
    for (std::string text; std::getline(in, text);) {
      if (text.ends_with('\r')) text.pop_back();
      entry->second.push_back(text);
    }
  }
  const auto index = static_cast<std::size_t>(number) - 1;
  return number < 1 || index >= entry->second.size() ? std::string_view{} : entry->second[index];
}

void print_diagnostic(const rules::Diagnostic& diagnostic, SourceLines& sources, Console& console, Stream stream) {
  console.line(stream, headline(diagnostic, console, stream));
  const std::string_view text = sources.line(diagnostic.at.path, diagnostic.at.line);
  if (!text.empty()) {
    const std::string number = std::to_string(diagnostic.at.line);
    const std::string gutter(number.size() + 2, ' ');
    const auto shown = excerpt(text, static_cast<std::size_t>(std::max(diagnostic.at.column, 1) - 1));
    console.line(stream, " " + number + " | " + shown.left + shown.right);
    if (diagnostic.at.column > 0) {
      const std::string blanks(display_width(shown.left), ' ');
      console.line(stream, gutter + "| " + blanks + console.paint(stream, Style::kGreen, "^"));
    }
  }
  if (!diagnostic.hint.empty()) {
    // A hint may hold several lines of YAML to paste.
    std::string_view rest = diagnostic.hint;
    std::string lead = "  hint: ";
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      console.line(stream, lead + printable(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      lead = "        ";
    }
  }
}

SeverityCounts count_severities(const std::vector<rules::Diagnostic>& diagnostics) {
  SeverityCounts counts;
  for (const auto& diagnostic : diagnostics) {
    ++(diagnostic.code->severity == rules::Severity::kError ? counts.errors : counts.warnings);
  }
  return counts;
}

std::size_t report_broken_rules(const rules::Diagnostics& diagnostics, Console& console) {
  std::size_t errors = 0;
  for (const auto& diagnostic : diagnostics.all()) {
    if (diagnostic.code->severity != rules::Severity::kError) continue;
    if (++errors <= kBrokenNamed) console.note(headline(diagnostic, console, Stream::kErr));
  }
  if (errors > kBrokenNamed) console.note("… and " + counted(errors - kBrokenNamed, "more error"));
  return errors;
}

}  // namespace tripline::app
