#include "app/diagnostic_text.h"

#include <algorithm>
#include <fstream>

#include "app/printable.h"
#include "app/quantity.h"

namespace tripline::app {
namespace {

constexpr std::size_t kBrokenNamed = 20;

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
    for (std::string text; std::getline(in, text);) entry->second.push_back(text);
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
    console.line(stream, " " + number + " | " + untabbed(text));
    if (diagnostic.at.column > 0) {
      const auto before = std::min(static_cast<std::size_t>(diagnostic.at.column) - 1, text.size());
      const std::string blanks(display_width(untabbed(text.substr(0, before))), ' ');
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
