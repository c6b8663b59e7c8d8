#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "engine/rule_set.h"
#include "rules/document_reader.h"
#include "rules/lowering.h"

using tripline::rules::DetectionRule;
using tripline::rules::FileDocuments;

/// Whatever the text: no crash; every diagnostic has words and a place in the text; what was read has a title; what
/// can be compiled is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FileDocuments file = tripline::rules::read_documents(text, "rule.yml");
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const auto& diagnostic : file.diagnostics.all()) {
    if (diagnostic.message.empty() || diagnostic.at.line < 0 || diagnostic.at.line > lines) std::abort();
  }
  if (!file.failed.empty() && file.diagnostics.errors() == 0) std::abort();
  for (const auto& document : file.documents) {
    const auto& rule = std::visit(
        [](const auto& read) -> const auto& { return read.rule; }, document);
    const bool failed = std::any_of(file.failed.begin(), file.failed.end(),
                                    [&rule](const auto& other) { return other.rule.line == rule.line; });
    if (rule.id.empty() || (rule.title.empty() && !failed)) std::abort();
    const auto* detection = std::get_if<DetectionRule>(&document);
    if (!detection) continue;
    tripline::engine::RuleSet rules;
    tripline::rules::Diagnostics diagnostics;
    const auto expression = lower(detection->body, detection->rule.title, {}, {}, rules, diagnostics);
    if (expression.has_value() == (diagnostics.errors() > 0)) std::abort();
  }
  return 0;
}
