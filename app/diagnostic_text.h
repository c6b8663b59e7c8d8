#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/console.h"
#include "rules/diagnostic.h"

namespace tripline::app {

std::string_view name_of(rules::Severity severity);  // error, warning

/// `file:line:column: severity[code]: message`, as compilers write it, so that editors find the place.
std::string headline(const rules::Diagnostic& diagnostic, const Console& console, Stream stream);

/// Lines of files, each file read once.
class SourceLines {
 public:
  /// Without its line feed; empty when there is no such line.
  std::string_view line(const std::string& path, int number);

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

/// A diagnostic for people: its headline, the line it is about with a caret under the place, and its hint.
void print_diagnostic(const rules::Diagnostic& diagnostic, SourceLines& sources, Console& console, Stream stream);

/// How many of them are errors and warnings.
struct SeverityCounts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
};
SeverityCounts count_severities(const std::vector<rules::Diagnostic>& diagnostics);

/// What commands that only use rules say of those that do not compile: the first few headlines, and how many there are.
/// How many errors there are.
std::size_t report_broken_rules(const rules::Diagnostics& diagnostics, Console& console);

}  // namespace tripline::app
