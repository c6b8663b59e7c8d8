#include <algorithm>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/input_options.h"
#include "app/input_report.h"
#include "app/known_mints.h"
#include "app/pipeline.h"
#include "app/quantity.h"
#include "app/rule_options.h"
#include "app/store_option.h"
#include "connectors/file_source.h"

namespace tripline::app {
namespace {

struct LearnOptions {
  RuleOptions rules;
  InputOptions input;
  AccountsOption accounts;
  StoreOption store;
};

class Learn {
 public:
  Learn(const LearnOptions& options, Console& console) : options_(options), console_(console), report_(console) {}

  engine::Result<int> run() {
    if (options_.store.path.empty()) {
      return engine::fail(engine::ErrorCode::kUsage, "--store FILE is missing: where to keep what is learned");
    }
    const auto span = options_.input.span(wall_clock());
    if (!span) return span.error();
    const auto loaded = options_.rules.load();
    if (!loaded) return loaded.error();
    const std::size_t errors = report_broken_rules(loaded->diagnostics, console_);
    const auto& rules = loaded->rules;
    if (rules->correlations.empty()) {
      return engine::fail(engine::ErrorCode::kBadInput, "there is no correlation, so there is nothing to learn for");
    }
    const auto accounts = options_.accounts.load();
    if (!accounts) return accounts.error();
    const auto source = connectors::FileSource::open(options_.input.paths);
    if (!source) return source.error();
    const ReadOptions reading = options_.input.reading(rules->cloudtrail, *span);
    auto store = options_.store.open(rules);
    if (!store) return store.error();
    engine::StateOptions of_state;
    of_state.learns = true;
    of_state.origins = wants_mints(*rules, false);
    of_state.accounts = accounts->get();
    const engine::Origins origins = of_state.origins ? engine::Origins::kLater : engine::Origins::kKnown;
    engine::State state(store->store(), rules, std::move(of_state));
    if (const auto went_on = state.load(); !went_on) return went_on.error();
    const engine::Knowledge knowledge{.accounts = accounts->get(), .lineage = nullptr};
    const auto totals = run_pipeline(**source, rules, state, reading, report_.listener(**source, !options_.input.quiet),
                                     {}, knowledge, origins);
    report_.finish();
    if (!totals) return totals.error();
    // Nothing is left to wait for, or a later run would tell of it as new.
    if (const auto judged = state.judge_what_waits(); !judged) return judged.error();
    // What was learned is settled, so that it is not told of as new later.
    const auto until = std::min(state.latest_event() + std::chrono::milliseconds{1}, wall_clock());
    const auto settled = state.apply({}, until);
    if (!settled) return settled.error();
    if (const auto kept = checkpoint(state); !kept) return kept.error();
    if (!options_.input.quiet) {
      report_.summary(totals->input, **source);
      console_.note("learned from " + counted(totals->matches - state.duplicates(), "match") + " for " +
                    counted(rules->correlations.size(), "correlation") + ", kept in " + options_.store.path);
    }
    return errors > 0 ? kBadRules : kRan;
  }

 private:
  const LearnOptions& options_;
  Console& console_;
  InputReport report_;
};

}  // namespace

int run_learn(std::vector<std::string> words, Console& console) {
  LearnOptions options;
  Arguments arguments("learn --store FILE [OPTION]... PATH...",
                      "Fills a store with what correlations know of the past, and opens no signals.");
  options.store.declare(arguments, "where to keep it; made when it is missing");
  options.rules.declare(arguments, true);
  options.accounts.declare(arguments);
  options.input.declare(arguments);
  arguments.example("learn --store state.db AWSLogs/", "what is new is new beside these logs");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = Learn(options, console).run();
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
