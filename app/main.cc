#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "alerts/sinks/ndjson.h"
#include "app/pipeline.h"
#include "connectors/file_source.h"
#include "engine/memory_store.h"
#include "rules/loader.h"

namespace {

using namespace tripline;

int complain(const engine::Error& error) {
  std::cerr << "tripline: " << error.message << '\n';
  return engine::row_of(error.code).exit_code;
}

int scan(const std::vector<std::string>& rule_paths, const std::vector<std::string>& log_paths) {
  const auto loaded = rules::load_rules(rule_paths, {});
  if (!loaded) return complain(loaded.error());
  const auto source = connectors::FileSource::open(log_paths);
  if (!source) return complain(source.error());
  engine::MemoryStore store;
  engine::State state(store);
  const auto totals = app::run_pipeline(**source, loaded->rules, state, {}, {});
  if (!totals) return complain(totals.error());
  alerts::NdjsonSink sink(std::cout);
  store.each_signal([&](const engine::Signal& signal) { (void)sink.deliver(signal); });
  if (const auto finished = sink.finish(); !finished) return complain(finished.error());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> rule_paths, log_paths;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "-r" && i + 1 < arguments.size()) {
      rule_paths.push_back(arguments[++i]);
    } else {
      log_paths.push_back(arguments[i]);
    }
  }
  if (arguments.empty() || arguments[0] != "scan" || log_paths.empty()) {
    std::cerr << "usage: tripline scan [-r RULE]... PATH...\n";
    return 3;
  }
  return scan(rule_paths, log_paths);
}
