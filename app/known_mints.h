#pragma once

#include <memory>

#include "app/console.h"
#include "app/input_options.h"
#include "app/read_records.h"
#include "engine/lineage.h"
#include "engine/result.h"
#include "engine/rule_set.h"

namespace tripline::app {

/// Whether anybody wants mints: the rules name `origin.*` or `chain.*`, or it is `asked`.
bool wants_mints(const engine::RuleSet& rules, bool asked);

/// The mints in the input, read before all else; null: nobody wants them. Errors: of the input.
engine::Result<std::unique_ptr<const engine::Lineage>> known_mints(const engine::RuleSet& rules, bool asked,
                                                                   const InputOptions& input,
                                                                   const ReadOptions& reading, Console& console);

}  // namespace tripline::app
