#include "app/config/problems.h"

#include "app/diagnostic_text.h"
#include "app/printable.h"

namespace tripline::app {

bool print_config_problems(const LoadedConfig& loaded, Console& console) {
  for (const auto& diagnostic : loaded.diagnostics.all()) {
    console.note(headline(diagnostic, console, Stream::kErr));
    if (!diagnostic.hint.empty()) console.note("  hint: " + printable(diagnostic.hint));
  }
  return loaded.diagnostics.errors() > 0;
}

}  // namespace tripline::app
