#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/field_list.h"
#include "app/input_options.h"
#include "app/input_report.h"
#include "app/known_mints.h"
#include "app/match_writer.h"
#include "app/origin_notes.h"
#include "app/pipeline.h"
#include "app/quantity.h"
#include "app/rule_notes.h"
#include "app/rule_options.h"
#include "app/rule_selection.h"
#include "app/scan_summary.h"
#include "app/signal_writer.h"
#include "app/store_option.h"
#include "connectors/file_source.h"
#include "rules/feed.h"

namespace tripline::app {
namespace {

const std::vector<std::string> kLevelNames{"informational", "low", "medium", "high", "critical"};

struct ScanOptions {
  RuleOptions rules;
  InputOptions input;
  AccountsOption accounts;
  std::string format;
  std::string level;
  std::vector<std::string> names;
  std::string fields;
  std::string fail_on;
  bool matches = false;
  bool origins = false;
  bool validate = false;
  StoreOption store;
  bool final = false;
};

void declare(Arguments& arguments, ScanOptions& options) {
  options.rules.declare(arguments, true);
  arguments.choice("--format", "FORMAT", {"table", "ndjson", "json", "csv"}, options.format,
                   "table (on a terminal), ndjson (elsewhere), json, csv");
  arguments.choice("--level", "LEVEL", kLevelNames, options.level,
                   "at least informational, low, medium, high or critical");
  arguments.repeated("--rule", "NAME", options.names, "only this id, name, or title with * and ?; repeatable");
  arguments.text("--fields", "A,B", options.fields, "show these fields in place of the rules' own");
  arguments.flag("--matches", options.matches, "every match, those of base rules and duplicates too");
  arguments.choice("--fail-on", "LEVEL", kLevelNames, options.fail_on,
                   "exit with 1 when this level or a higher one is shown");
  arguments.flag("--validate", options.validate, "also parse what no rule can match; --strict does too");
  arguments.flag("--origins", options.origins, "say who started the chain of roles behind all that fires");
  options.accounts.declare(arguments);
  arguments.flag("--final", options.final, "go on from the runs before; --final: it is the last one");
  options.store.declare(arguments, "");
  options.input.declare(arguments, true);
  arguments.example("scan --level high AWSLogs/", "shipped rules");
  arguments.example("scan -r my-rules/ --format csv log.json.gz > out.csv", "your rules");
}

/// What has been shown, for --fail-on.
class Highest {
 public:
  void see(engine::Level level) { level_ = std::max(level_.value_or(level), level); }
  bool reaches(const std::string& name) const {
    const auto level = engine::parse_level(name);
    return level && level_ && *level_ >= *level;
  }

 private:
  std::optional<engine::Level> level_;
};

/// What to say when no rule is of these logs; nothing when no rule is of others either.
std::optional<std::string> other_log_sources(const rules::Loaded& loaded) {
  std::map<std::string, std::size_t> rules;  // by log source
  const rules::RuleState* first = nullptr;
  for (const auto& state : loaded.states) {
    if (state.kind != rules::DocumentKind::kDetection || state.state != rules::RuleState::State::kOtherLogSource)
      continue;
    if (!first) first = &state;
    ++rules[rules::describe(state.rule.log_source)];
  }
  if (!first) return std::nullopt;
  constexpr std::size_t kMostNamed = 5;
  std::string text = "no rule is for these logs:";
  std::size_t named = 0;
  for (const auto& [source, count] : rules) {
    if (named++ == kMostNamed) break;
    text += (named == 1 ? " " : "; ") + counted(count, "rule") + " for " + source;
  }
  if (rules.size() > kMostNamed) text += "; and " + counted(rules.size() - kMostNamed, "more log source");
  return text + " (" + rules::unfed_hint(first->rule.log_source) + ")";
}

std::string none_is_left(const rules::Loaded& loaded) {
  if (loaded.states.empty()) return "no rule was found: rules are read from .yml and .yaml files";
  return "none of " + counted(loaded.states.size(), "rule") + " can run; `tripline rules` says why of each";
}

class Scan {
 public:
  Scan(const ScanOptions& options, Console& console) : options_(options), console_(console), report_(console) {}

  engine::Result<int> run() {
    const auto span = options_.input.span(wall_clock());
    if (!span) return span.error();
    if (options_.final && options_.store.path.empty()) {
      return engine::fail(engine::ErrorCode::kUsage,
                          "--final ends a series of runs with one --store, which is missing");
    }
    if (options_.input.paths.empty() && !options_.final) {
      return engine::fail(engine::ErrorCode::kUsage, "PATH is required, but to end a series of runs with --final");
    }
    const auto loaded = options_.rules.load();
    if (!loaded) return loaded.error();
    const std::size_t errors = report_broken_rules(loaded->diagnostics, console_);
    for (const auto& found : loaded->diagnostics.all()) {
      // What a filter took away until now shows up in the results.
      if (found.code->code != "filter-expired" && found.code->code != "filter-expires-soon") continue;
      console_.warning(found.at.path + ":" + std::to_string(found.at.line) + ": " + found.message + "; " + found.hint);
    }
    fields_ = field_list(options_.fields, loaded->rules->cloudtrail, console_);
    const auto rules = rules_to_run(loaded->rules);
    if (!rules) return rules.error();
    if ((*rules)->detections.empty()) return none_runs(*loaded, errors);
    const auto accounts = options_.accounts.load();
    if (!accounts) return accounts.error();
    warn_of_accounts(**rules);
    const auto source = connectors::FileSource::open(options_.input.paths);
    if (!source) return source.error();
    const ReadOptions reading = reading_of(**rules, *span);
    // What came in earlier runs counts too, and only the store knows it.
    const bool in_store = !options_.store.path.empty();
    std::unique_ptr<const engine::Lineage> lineage;
    if (in_store) {
      with_origins_ = wants_mints(**rules, options_.origins);
    } else {
      auto known = known_mints(**rules, options_.origins, options_.input, reading, console_);
      if (!known) return known.error();
      lineage = std::move(*known);
      with_origins_ = lineage != nullptr;
    }
    const engine::Knowledge knowledge{.accounts = accounts->get(), .lineage = lineage.get()};
    if (const auto scanned = scan(**source, *rules, reading, knowledge); !scanned) return scanned.error();
    if (errors > 0) {
      console_.warning(counted(errors, "error") +
                       " in the rules; the rules that compile were run. See `tripline check`.");
    }
    if (options_.input.strict && report_.pieces() > 0) return kCannotRun;
    if (highest_.reaches(options_.fail_on)) return kFoundTrouble;
    return errors > 0 ? kBadRules : kRan;
  }

 private:
  /// With a store all of them, as each has its state there; then --level and --rule choose what is shown.
  engine::Result<std::shared_ptr<const engine::RuleSet>> rules_to_run(
      const std::shared_ptr<const engine::RuleSet>& loaded) {
    const RuleSelection selection{engine::parse_level(options_.level), options_.names, fields_};
    if (options_.store.path.empty()) return select_rules(loaded, selection);
    if (const auto known = check_names(*loaded, options_.names); !known) return known.error();
    shown_ = selection;
    return select_rules(loaded, {std::nullopt, {}, fields_});
  }

  /// Says why, when it is no error.
  engine::Result<int> none_runs(const rules::Loaded& loaded, std::size_t errors) const {
    if (const auto count = loaded.rules->detections.size(); count > 0) {
      console_.warning("no rule runs: none of " + counted(count, "rule") + " that " +
                       (options_.names.empty() ? "compile" : "--rule names") + " is of level " + options_.level +
                       " or higher");
      return errors > 0 ? kBadRules : kRan;
    }
    if (errors > 0) return engine::fail(engine::ErrorCode::kBadRule, "no rule compiled, so there is nothing to run");
    if (const auto others = other_log_sources(loaded)) return engine::fail(engine::ErrorCode::kBadInput, *others);
    return engine::fail(engine::ErrorCode::kBadInput, none_is_left(loaded));
  }

  void warn_of_accounts(const engine::RuleSet& rules) const {
    std::vector<std::string> named = fields_;
    for (const auto& detection : rules.detections) {
      for (auto& field : fields_of(detection, rules)) named.push_back(std::move(field));
    }
    options_.accounts.warn_of(named, console_);
  }

  ReadOptions reading_of(const engine::RuleSet& rules, const Span& span) const {
    ReadOptions reading = options_.input.reading(rules.cloudtrail, span);
    reading.parse_all = options_.validate || options_.input.strict;
    reading.all_evidence = options_.matches;
    // What no output of this run or of one to come shows need not be kept.
    const Format format = choose_format(options_.format, console_);
    const bool json = format == Format::kNdjson || format == Format::kJson;
    if (!options_.store.path.empty()) reading.now = wall_clock;
    reading.records = !options_.store.path.empty() || (json && !options_.matches);
    return reading;
  }

  engine::Result<void> scan(connectors::FileSource& source, const std::shared_ptr<const engine::RuleSet>& rules,
                            const ReadOptions& reading, const engine::Knowledge& knowledge) {
    const Format format = choose_format(options_.format, console_);
    std::optional<MatchWriter> matches;
    if (options_.matches) matches.emplace(format, with_origins_, console_);
    ScanSummary summary(rules);
    const bool shows_progress = !options_.input.quiet && !(matches && console_.is_terminal(Stream::kOut));

    const auto on_match = [&](const engine::Match& match) {
      if (!is_selected(match.rule().rule, shown_)) return;
      summary.match(match);
      quiet_matches_ += match.rule().opens_signals || match.rule().silenced ? 0 : 1;
      if (!matches) return;
      if (!match.rule().rule.dry_run) highest_.see(match.rule().rule.level);
      matches->match(match);
    };
    auto store = options_.store.open(rules);
    if (!store) return store.error();
    engine::StateOptions of_state;
    of_state.origins = with_origins_;
    of_state.accounts = knowledge.accounts;
    std::uint64_t judged = 0;
    of_state.on_match = [&](const engine::Match& match) {
      ++judged;
      on_match(match);
    };
    engine::State state(store->store(), rules, std::move(of_state));
    if (const auto went_on = state.load(); !went_on) return went_on.error();
    if (store->durable() && state.watermark() == engine::EventTime::max()) {
      return engine::fail(engine::ErrorCode::kStore,
                          options_.store.path +
                              " was finished by --final, so that all that is read into it would be late; name another "
                              "store, or a backup of before");
    }
    const bool leaves_origins = with_origins_ && knowledge.lineage == nullptr;
    auto totals = run_pipeline(source, rules, state, reading, report_.listener(source, shows_progress), on_match,
                               knowledge, leaves_origins ? engine::Origins::kLater : engine::Origins::kKnown);
    report_.finish();
    if (!totals) return totals.error();
    if (!store->durable() || options_.final) {
      const auto now = reading.now ? std::optional(reading.now()) : std::nullopt;
      if (const auto decided = state.apply({}, engine::EventTime::max(), now); !decided) return decided.error();
    }
    if (const auto kept = checkpoint(state); !kept) return kept.error();
    totals->matches += judged;
    std::uint64_t signals = 0;
    std::optional<SignalWriter> writer;
    std::optional<alerts::RelatedSignals> related;
    if (!matches && (format == Format::kNdjson || format == Format::kJson)) {
      auto found = alerts::RelatedSignals::of(store->store());
      if (!found) return found.error();
      related = std::move(*found);
    }
    if (!matches) {
      writer.emplace(SignalWriter::Options{.format = format,
                                           .fields = fields_,
                                           .with_origins = with_origins_,
                                           .accounts = knowledge.accounts,
                                           .logs = options_.input.paths,
                                           .related = related ? &*related : nullptr},
                     console_);
    }
    const auto shown = store->each_changed_signal([&](const engine::Signal& signal) {
      if (!is_selected(signal.rule(), shown_)) return;
      ++signals;
      if (!writer) return;
      dry_run_ += signal.rule().dry_run ? 1 : 0;
      if (!signal.rule().dry_run) highest_.see(signal.rule().level);
      (void)writer->deliver(signal);  // the console says at the end whether it could write
    });
    if (!shown) return shown.error();
    if (writer) (void)writer->finish();
    if (matches) matches->finish();
    if (!options_.input.quiet) {
      summary.print_tables(totals->input.records, console_);
      report_.summary(totals->input, source);
      print_counts(*totals, state, *rules, signals);
      if (dry_run_ > 0) {
        console_.note(counted(dry_run_, "signal") + " of rules in dry run, which --fail-on does not count");
      }
    }
    return {};
  }

  void print_counts(const Totals& totals, const engine::State& state, const engine::RuleSet& rules,
                    std::uint64_t signals) const {
    std::string matched =
        counted(rules.detections.size() + rules.correlations.size(), "rule") + ", " + counted(totals.matches, "match");
    if (state.duplicates() > 0) matched += " (" + grouped(state.duplicates()) + " of events delivered before)";
    console_.note(matched + ", " + counted(signals, "signal"));
    if (quiet_matches_ > 0 && !options_.matches) {
      console_.note(counted(quiet_matches_, "match") +
                    " of informational rules, which open signals with --level informational only");
    }
    print_rule_notes(rules, state, console_);
    print_origin_notes(state, console_);
    if (!options_.store.path.empty() && !options_.final) print_what_waits(rules, state);
    if (totals.duplicates > 0) {
      console_.note("duplicates: " + counted(totals.duplicates, "event") + " delivered again");
    }
  }

  /// What another run, or --final, may still make signals of.
  void print_what_waits(const engine::RuleSet& rules, const engine::State& state) const {
    std::size_t groups = 0;
    for (std::uint32_t i = 0; i < rules.correlations.size(); ++i) {
      groups += state.correlator()->waiting(i);
    }
    const std::size_t records = state.origins() == nullptr ? 0 : state.origins()->waiting();
    if (groups + records == 0) return;
    std::string waits;
    if (groups > 0) waits = counted(groups, "group") + " with something to be judged later";
    if (records > 0) waits += (groups > 0 ? " and " : "") + counted(records, "record") + " without a known origin";
    console_.note("in the store: " + waits + "; --final judges what is there");
  }

  const ScanOptions& options_;
  Console& console_;
  InputReport report_;
  Highest highest_;
  std::vector<std::string> fields_;  // of --fields
  bool with_origins_ = false;        // they are told
  RuleSelection shown_{};            // with a store: of the rules that run
  std::uint64_t quiet_matches_ = 0;  // of informational rules
  std::uint64_t dry_run_ = 0;        // signals of rules in dry run
};

}  // namespace

int run_scan(std::vector<std::string> words, Console& console) {
  ScanOptions options;
  Arguments arguments("scan [OPTION]... PATH...",
                      "Runs rules over logs. Matches of one rule and group in an hour are one signal.");
  declare(arguments, options);
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = Scan(options, console).run();
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
