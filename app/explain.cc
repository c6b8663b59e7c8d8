#include "rules/explain.h"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/input_report.h"
#include "app/printable.h"
#include "app/quantity.h"
#include "app/read_mints.h"
#include "app/read_records.h"
#include "app/rule_options.h"
#include "app/rule_selection.h"
#include "connectors/file_source.h"
#include "engine/matcher.h"
#include "engine/origin.h"
#include "rules/correlation_text.h"
#include "rules/feed.h"
#include "rules/rule_files.h"

namespace tripline::app {
namespace {

struct ExplainOptions {
  RuleOptions rules;
  AccountsOption accounts;
  std::string rule;
  std::string event;
  std::string event_id;
  std::uint64_t limit = 10;
};

/// Ends the work: enough events were explained.
struct Enough {};

class Explain {
 public:
  Explain(const ExplainOptions& options, Console& console) : options_(options), console_(console), report_(console) {}

  engine::Result<int> run() {
    RuleOptions from = options_.rules;
    std::error_code error;
    by_path_ = std::filesystem::exists(options_.rule, error);
    if (by_path_) {
      rules::Diagnostics ignored;  // load() has them as well
      const auto files = rules::find_rule_files({options_.rule}, ignored);
      if (!files) return files.error();
      files_.insert(files->begin(), files->end());
      // In front of those of -r, whose filters are wanted: of rules with one id the first is kept.
      from.paths.insert(from.paths.begin(), options_.rule);
    }
    const auto loaded = from.load();
    if (!loaded) return loaded.error();
    rules_ = loaded->rules.get();
    choose(*rules_);
    const bool has_correlations = say_of_correlations(*loaded);
    if (chosen_.empty()) return has_correlations ? kCannotRun : say_why_not(*loaded);
    if (const std::size_t errors = loaded->diagnostics.errors(); errors > 0) {
      console_.note(counted(errors, "error") +
                    " in the rules (see `tripline check`); a filter with an error is not applied");
    }
    const auto accounts = options_.accounts.load();
    if (!accounts) return accounts.error();
    std::vector<std::string> fields;
    for (const auto index : chosen_) {
      const auto read = fields_of(rules_->detections[index], *rules_);
      fields.insert(fields.end(), read.begin(), read.end());
    }
    options_.accounts.warn_of(fields, console_);
    wants_origins_ = std::any_of(fields.begin(), fields.end(), [](const std::string& field) {
      return field.starts_with("origin.") || field.starts_with("chain.");
    });
    const auto source = connectors::FileSource::open({options_.event});
    if (!source) return source.error();
    std::unique_ptr<const engine::Lineage> lineage;
    if (engine::needs_lineage(*rules_)) {
      auto read = read_mints({options_.event}, {}, console_, false);
      if (!read) return read.error();
      lineage = std::move(read->lineage);
    }
    const engine::Knowledge knowledge{.accounts = accounts->get(), .lineage = lineage.get()};
    if (const auto read = read_events(**source, knowledge); !read) return read.error();
    if (explained_ > 0) return kRan;
    return engine::fail(
        engine::ErrorCode::kNotALog,
        options_.event + " holds no event" + (options_.event_id.empty() ? "" : " with eventID " + options_.event_id));
  }

 private:
  void choose(const engine::RuleSet& rules) {
    for (std::uint32_t i = 0; i < rules.detections.size(); ++i) {
      if (is_asked_for(rules.detections[i].rule)) chosen_.push_back(i);
    }
  }

  /// A correlation looks at many events, of which EVENT shows some at best; its base rules look at one. Whether one is
  /// asked for.
  bool say_of_correlations(const rules::Loaded& loaded) const {
    bool any = false;
    for (const engine::Correlation& correlation : rules_->correlations) {
      if (!is_asked_for(correlation.rule)) continue;
      any = true;
      const auto is_it = [&](const auto& read) { return read.rule.id == correlation.rule.id; };
      const auto read = std::find_if(loaded.correlations.begin(), loaded.correlations.end(), is_it);
      const std::string text = correlation.rule.title + " is a correlation (" + rules::summary_of(*read) +
                               "): number and order of several events decide, and one event does not show them; "
                               "explain the rules that it stands on:";
      if (chosen_.empty()) {
        console_.error("explain: " + text);
      } else {
        console_.note(text);
      }
      for (const auto index : rules::base_detections(correlation, *rules_)) {
        const engine::Rule& base = rules_->detections[index].rule;
        console_.note("  tripline explain " + (base.name.empty() ? base.id : base.name) + " EVENT    # " + base.title);
      }
      console_.note("or say in a test which events arrive when (docs/writing-rules.md), and run `tripline test`");
    }
    return any;
  }

  bool is_asked_for(const engine::Rule& rule) const {
    return by_path_ ? files_.contains(rule.path) : is_named(rule, options_.rule);
  }

  /// The rule is none that events can be held against: it failed, is for other logs, or is not there.
  engine::Result<int> say_why_not(const rules::Loaded& loaded) {
    rules::Diagnostics of_files;
    for (const auto& found : loaded.diagnostics.all()) {
      if (!files_.contains(found.at.path)) continue;
      of_files.add(found.code->code, found.at, found.message, found.hint, found.rule);
    }
    const bool is_broken = report_broken_rules(of_files, console_) > 0;
    for (const auto& state : loaded.states) {
      if (!is_asked_for(state.rule) || state.kind == rules::DocumentKind::kFilter) continue;
      if (state.state == rules::RuleState::State::kLoaded) continue;
      console_.error("explain: " + state.rule.title + " (" + state.rule.path + ") is not loaded: " + state.why +
                     hint_for(state));
      return state.state == rules::RuleState::State::kFailed ? kBadRules : kCannotRun;
    }
    if (is_broken) return kBadRules;
    if (by_path_)
      return engine::fail(engine::ErrorCode::kUsage, options_.rule + " holds no rule that events can match");
    return engine::fail(engine::ErrorCode::kUsage, options_.rule +
                                                       " is no file, and no rule that is loaded has that id, " +
                                                       "name or title" + meant_by(*loaded.rules, options_.rule));
  }

  static std::string hint_for(const rules::RuleState& state) {
    if (state.kind == rules::DocumentKind::kCorrelation && state.state == rules::RuleState::State::kFailed) {
      return " (a correlation needs the rules that it names: give their folder with -r)";
    }
    const bool other = state.state == rules::RuleState::State::kOtherLogSource;
    return other ? " (" + rules::unfed_hint(state.rule.log_source) + ")" : "";
  }

  engine::Result<void> read_events(connectors::FileSource& source, const engine::Knowledge& knowledge) {
    ReadOptions reading;
    reading.cloudtrail = rules_->cloudtrail;
    const auto make_process = [&] {
      auto event = std::make_shared<engine::Event>(rules_->fields, knowledge);
      return [this, event](const engine::Record& record, InputPart&) -> engine::Result<Outcome> {
        if (const auto read = event->read(record); !read) return read.error();
        if (options_.event_id.empty() || event->find_text("eventID") == options_.event_id) explain(*event);
        return Outcome::kTaken;
      };
    };
    try {
      // One thread, which is this one, so that events may be explained where they are read.
      const auto read = read_records<InputPart>(
          source, reading, make_process, [](const engine::Envelope&, const InputPart&) {},
          report_.listener(source, false));
      report_.finish();
      if (!read) return read.error();
    } catch (const Enough&) {
      console_.note("there are more events; --limit " + std::to_string(options_.limit) + " ends here");
    }
    return {};
  }

  void explain(engine::Event& event) {
    if (explained_ == options_.limit) throw Enough{};
    if (explained_++ > 0) console_.out("\n");
    std::string head = "event " + std::string(event.find_text("eventID"));
    for (const char* field : {"eventTime", "eventSource", "eventName"}) {
      const std::string_view text = event.find_text(field);
      if (!text.empty()) head += "  " + std::string(text);
    }
    const engine::Record& record = event.record();
    head += "  (" + record.envelope->path + ", byte " + std::to_string(record.offset) + ")";
    console_.line(Stream::kOut, console_.paint(Stream::kOut, Style::kBold, printable(head)));
    for (const auto index : chosen_) explain(rules_->detections[index], event);
    if (wants_origins_ && event.origin().resolution == engine::Resolution::kUnresolved) {
      console_.warning(
          "the origin is unresolved, as no event of this input issued the credentials; name a folder or file that "
          "holds "
          "such events too, and this one by --event-id");
    }
  }

  void explain(const engine::Detection& detection, engine::Event& event) {
    const rules::Explanation explanation = rules::explain(detection.condition, *rules_, event);
    const bool is_wanted = !rules_->cloudtrail || (detection.categories & event.category()) != 0;
    const bool matches = is_wanted && explanation.holds;
    console_.line(Stream::kOut, console_.paint(Stream::kOut, matches ? Style::kGreen : Style::kRed,
                                               matches ? "✓ matches  " : "✗ does not match  ") +
                                    printable(detection.rule.title + " (" + detection.rule.path + ")"));
    if (!is_wanted) console_.line(Stream::kOut, "  ✗ the rule's log source wants another category of events");
    for (const auto& line : rules::explain_lines(explanation)) console_.line(Stream::kOut, "  " + painted(line));
  }

  /// The mark in front of a line in its colour.
  std::string painted(const std::string& line) const {
    const std::string text = printable(line);
    for (const auto& [mark, style] : {std::pair{"✓", Style::kGreen}, {"✗", Style::kRed}}) {
      const std::size_t at = text.find_first_not_of(' ');
      if (at == std::string::npos || text.compare(at, std::string_view(mark).size(), mark) != 0) continue;
      return text.substr(0, at) + console_.paint(Stream::kOut, style, mark) +
             text.substr(at + std::string_view(mark).size());
    }
    return text;
  }

  const ExplainOptions& options_;
  Console& console_;
  InputReport report_;
  const engine::RuleSet* rules_ = nullptr;
  bool by_path_ = false;
  std::set<std::string> files_;  // of RULE when it is a path, as load() names them
  std::vector<std::uint32_t> chosen_;
  bool wants_origins_ = false;  // a chosen rule names origin.* or chain.*
  std::uint64_t explained_ = 0;
};

/// What to say of RULE and EVENT when they look swapped.
std::optional<std::string> swapped_events(const ExplainOptions& options) {
  const auto ends = [](std::string_view path, std::initializer_list<std::string_view> suffixes) {
    return std::any_of(suffixes.begin(), suffixes.end(), [&](auto suffix) { return path.ends_with(suffix); });
  };
  std::error_code error;
  const bool is_log = std::filesystem::is_regular_file(options.rule, error) &&
                      ends(options.rule, {".json", ".ndjson", ".jsonl", ".gz", ".log"});
  const bool is_rule = ends(options.event, {".yml", ".yaml"}) ||
                       (options.event != "-" && !std::filesystem::exists(options.event, error));
  if (!is_log || !is_rule) return {};
  return options.rule + " is a log by its name, and " + options.event + " is none: the rule comes first";
}

}  // namespace

int run_explain(std::vector<std::string> words, Console& console) {
  ExplainOptions options;
  Arguments arguments("explain [OPTION]... RULE EVENT",
                      "Shows why a rule does or does not match an event: each part of its condition\n"
                      "with the answer and the values that were found. Secrets are not shown.");
  arguments.positional("RULE", options.rule, "rule file (filters of -r apply), or id, name or title");
  arguments.positional("EVENT", options.event, "file with one or more events, or - for standard input");
  arguments.text("--event-id", "ID", options.event_id, "only events with this eventID");
  arguments.number("--limit", "N", options.limit, "stop after so many events (default 10)", {.least = 1});
  options.rules.declare(arguments, true);
  options.accounts.declare(arguments);
  arguments.example("explain my-rules/new_user.yml event.json", "");
  arguments.example("explain 'Root User*' log.json --event-id 2b9f...", "");
  arguments.example("search eventName:StopLogging logs/ | tripline explain 'CloudTrail*' -", "");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  if (const auto problem = swapped_events(options)) return arguments.refuse(*problem, console);
  const auto code = Explain(options, console).run();
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
