#include "app/store_option.h"

#include "app/input_options.h"

namespace tripline::app {

void StoreOption::declare(Arguments& arguments, const std::string& help) {
  arguments.text("--store", "FILE", path, help);
}

engine::Result<ChosenStore> StoreOption::open(std::shared_ptr<const engine::RuleSet> rules) const {
  if (path.empty()) return ChosenStore();
  engine::store::SqliteStore::Settings settings;
  settings.now = wall_clock;
  auto opened = engine::store::SqliteStore::open(path, std::move(rules), std::move(settings));
  if (!opened) return opened.error();
  return ChosenStore(std::move(*opened));
}

engine::Result<void> checkpoint(engine::State& state) {
  // One that is under way first, then one of all that there is.
  for (const bool at_once : {false, true}) {
    for (bool first = true;; first = false) {
      const auto more = state.tend(at_once && first);
      if (!more) return more.error();
      if (!*more) break;
    }
  }
  return {};
}

}  // namespace tripline::app
