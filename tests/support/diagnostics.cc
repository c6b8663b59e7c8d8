#include "tests/support/diagnostics.h"

namespace tripline::tests {

std::string lines(const rules::Diagnostics& diagnostics) { return lines(diagnostics, ""); }

std::string lines(const rules::Diagnostics& diagnostics, std::string_view code) {
  std::string text;
  for (const auto& diagnostic : diagnostics.all()) {
    if (!code.empty() && diagnostic.code->code != code) continue;
    text += std::to_string(diagnostic.at.line) + ":" + std::to_string(diagnostic.at.column) + " ";
    text += std::string(diagnostic.code->code) + ": " + diagnostic.message;
    if (!diagnostic.hint.empty()) text += " | " + diagnostic.hint;
    text += '\n';
  }
  return text;
}

}  // namespace tripline::tests
