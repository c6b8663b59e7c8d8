#include "app/known_mints.h"

#include "app/read_mints.h"

namespace tripline::app {

bool wants_mints(const engine::RuleSet& rules, bool asked) {
  return rules.cloudtrail && (asked || engine::needs_lineage(rules));
}

engine::Result<std::unique_ptr<const engine::Lineage>> known_mints(const engine::RuleSet& rules, bool asked,
                                                                   const InputOptions& input,
                                                                   const ReadOptions& reading, Console& console) {
  if (!wants_mints(rules, asked)) return std::unique_ptr<const engine::Lineage>();
  auto read = read_mints(input.paths, reading, console, !input.quiet);
  if (!read) return read.error();
  return std::unique_ptr<const engine::Lineage>(std::move(read->lineage));
}

}  // namespace tripline::app
