#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/field_list.h"
#include "app/input_options.h"
#include "app/input_report.h"
#include "app/json_line.h"
#include "app/json_lines.h"
#include "app/printable.h"
#include "app/quantity.h"
#include "app/read_mints.h"
#include "app/read_records.h"
#include "app/record_json.h"
#include "app/rows.h"
#include "app/rule_options.h"
#include "connectors/file_source.h"
#include "engine/matcher.h"
#include "engine/shown_text.h"
#include "rules/feed.h"
#include "rules/query.h"

namespace tripline::app {
namespace {

struct SearchOptions {
  InputOptions input;
  AccountsOption accounts;
  std::string query;
  std::string fields;
  std::string format;
  std::string log_source;
  std::uint64_t limit = 0;
  bool origins = false;
};

struct SearchColumn {
  Column column;
  std::string field;
};

/// Of people and spreadsheets, unless --fields says otherwise.
const std::vector<SearchColumn> kCloudTrailColumns{
    {{"eventTime", "TIME", false, {20}}, "eventTime"},
    {{"recipientAccountId", "ACCOUNT", false, {12}}, "recipientAccountId"},
    {{"awsRegion", "REGION", false, {14, 1}}, "awsRegion"},
    {{"actor.name", "ACTOR", false, {10, 3}}, "actor.name"},
    {{"eventSource", "SOURCE", false, {24, 2}}, "eventSource"},
    {{"eventName", "EVENT", false, {16}}, "eventName"},
    {{"outcome", "OUTCOME", false, {Room::kWhole, 4}}, "outcome"},
    {{"sourceIPAddress", "FROM", false, {39}}, "sourceIPAddress"},
};

struct FoundPart : InputPart {
  std::vector<std::string> json;               // NDJSON and JSON: a record each
  std::vector<std::vector<std::string>> rows;  // table and CSV
};

/// Ends the work: --limit is reached.
struct Enough {};

class Search {
 public:
  Search(const SearchOptions& options, Console& console)
      : options_(options), console_(console), report_(console), format_(choose_format(options.format, console)) {}

  engine::Result<int> run() {
    const auto span = options_.input.span(wall_clock());
    if (!span) return span.error();
    if (!options_.log_source.empty() && options_.log_source != "any") {
      const auto feed = parse_log_source(options_.log_source);
      if (!feed) return feed.error();
      cloudtrail_ = rules::is_cloudtrail(*feed);
    }
    if (options_.log_source == "any") cloudtrail_ = false;
    auto rules = std::make_shared<engine::RuleSet>(cloudtrail_);
    std::vector<rules::QueryWarning> warnings;
    auto query = rules::compile_query(options_.query, *rules, &warnings);
    if (const auto* error = std::get_if<rules::QueryError>(&query)) {
      console_.error(place_of(*error));
      point_at(*error);
      return kCannotRun;
    }
    for (const auto& warning : warnings) {
      console_.warning(place_of(warning));
      point_at(warning);
    }
    engine::Detection detection;
    detection.condition = std::get<engine::Expression>(std::move(query));
    rules->detections.push_back(std::move(detection));
    choose_columns(*rules);
    rules->detections.front().shown = fields_;
    const auto accounts = options_.accounts.load();
    if (!accounts) return accounts.error();
    options_.accounts.warn_of(fields_of(rules->detections.front(), *rules), console_);
    const auto source = connectors::FileSource::open(options_.input.paths);
    if (!source) return source.error();
    std::unique_ptr<const engine::Lineage> lineage;
    if (cloudtrail_ && (options_.origins || engine::needs_lineage(*rules))) {
      auto read =
          read_mints(options_.input.paths, options_.input.reading(cloudtrail_, *span), console_, !options_.input.quiet);
      if (!read) return read.error();
      lineage = std::move(read->lineage);
    }
    const engine::Knowledge knowledge{.accounts = accounts->get(), .lineage = lineage.get()};
    if (const auto searched = search(**source, rules, *span, knowledge); !searched) return searched.error();
    return options_.input.strict && report_.pieces() > 0 ? kCannotRun : kRan;
  }

 private:
  bool writes_json() const { return format_ == Format::kNdjson || format_ == Format::kJson; }

  static std::string place_of(const rules::QueryError& error) {
    return "search: column " + std::to_string(error.column) + " of the query: " + printable(error.message);
  }

  void point_at(const rules::QueryError& error) {
    console_.note("  " + printable(options_.query));
    const std::string_view query = options_.query;
    std::size_t before = 0;  // bytes in front of the column, which counts characters
    for (int i = 1; i < error.column && before < query.size(); ++i)
      before += first_character(query.substr(before)).length;
    console_.note(std::string(display_width(printable(query.substr(0, before))) + 2, ' ') +
                  console_.paint(Stream::kErr, Style::kGreen, "^"));
    if (!error.hint.empty()) console_.note("hint: " + printable(error.hint));
  }

  void choose_columns(engine::RuleSet& rules) {
    const auto chosen = field_list(options_.fields, cloudtrail_, console_);
    is_chosen_ = !chosen.empty();
    if (is_chosen_) {
      for (const auto& field : chosen) columns_.push_back({{field, field}, field});
    } else if (cloudtrail_) {
      columns_ = kCloudTrailColumns;
    } else {
      columns_ = {{{"record", "RECORD"}, ""}};
    }
    for (const auto& column : columns_) {
      if (!column.field.empty()) fields_.push_back(rules.fields.intern(column.field));
    }
  }

  void add(engine::Event& event, FoundPart& part) const {
    if (writes_json()) {
      part.json.push_back(is_chosen_ ? chosen_fields(event, fields_) : record_with_ours(event, cloudtrail_));
      return;
    }
    std::vector<std::string> row;
    for (const auto field : fields_) row.push_back(engine::shown_text(event, field));
    if (fields_.empty()) row.push_back(json_line(event.record().json));
    part.rows.push_back(std::move(row));
  }

  engine::Result<void> search(connectors::FileSource& source, const std::shared_ptr<const engine::RuleSet>& rules,
                              const Span& span, const engine::Knowledge& knowledge) {
    const engine::Matcher matcher(rules);
    const ReadOptions reading = options_.input.reading(cloudtrail_, span);
    struct Worker {
      Worker(const engine::RuleSet& set, const engine::Matcher& shared, const engine::Knowledge& knows)
          : event(set.fields, knows), matcher(shared) {}
      engine::Event event;
      engine::Matcher matcher;
    };
    const auto make_process = [&] {
      auto worker = std::make_shared<Worker>(*rules, matcher, knowledge);
      return [this, &reading, worker](const engine::Record& record, FoundPart& part) -> engine::Result<Outcome> {
        if (const auto read = worker->event.read(record); !read) return read.error();
        if (!lies_in(reading.span, worker->event)) return Outcome::kOutOfSpan;
        if (!worker->matcher.match(worker->event).empty()) add(worker->event, part);
        return Outcome::kTaken;
      };
    };
    std::optional<JsonLines> json;
    std::unique_ptr<RowWriter> rows;
    if (writes_json()) {
      json.emplace(console_, format_ == Format::kJson);
    } else {
      std::vector<Column> shown;
      for (const auto& column : columns_) shown.push_back(column.column);
      rows = make_row_writer(format_, std::move(shown), console_);
    }
    std::uint64_t found = 0;
    const auto count = [&] {
      if (options_.limit > 0 && found == options_.limit) throw Enough{};
      ++found;
    };
    const auto consume = [&](const engine::Envelope&, const FoundPart& part) {
      for (const auto& text : part.json) {
        count();
        json->value(text);
      }
      for (const auto& texts : part.rows) {
        count();
        std::vector<Cell> row(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) row[i].value = texts[i];
        rows->row(row);
      }
    };
    const bool shows_progress = !options_.input.quiet && !console_.is_terminal(Stream::kOut);
    std::optional<InputTotals> totals;
    try {
      const auto read =
          read_records<FoundPart>(source, reading, make_process, consume, report_.listener(source, shows_progress));
      if (!read) return read.error();
      totals = *read;
    } catch (const Enough&) {
    }
    json ? json->finish() : rows->finish();
    report_.finish();
    if (options_.input.quiet) return {};
    if (!totals) {
      console_.note(counted(found, "record") + " found; there are more (--limit " + std::to_string(options_.limit) +
                    ")");
      return {};
    }
    report_.summary(*totals, source);
    console_.note(counted(found, "record") + " found");
    return {};
  }

  const SearchOptions& options_;
  Console& console_;
  InputReport report_;
  Format format_;
  bool cloudtrail_ = true;
  bool is_chosen_ = false;
  std::vector<SearchColumn> columns_;
  std::vector<engine::FieldId> fields_;
};

/// A query may begin with `-` (not), as no option does: options are `--word` or one letter. The blank in front keeps
/// such a word from being taken for one; the query is the same with it.
void shield_query(std::vector<std::string>& words) {
  for (auto& word : words) {
    if (word == "--") return;
    if (word.size() > 2 && word[0] == '-' && word[1] != '-') word.insert(0, " ");
  }
}

}  // namespace

int run_search(std::vector<std::string> words, Console& console) {
  SearchOptions options;
  Arguments arguments("search [OPTION]... QUERY PATH...",
                      "Finds records. A query compares fields, `*` matches everything (docs/search.md).");
  arguments.positional("QUERY", options.query, "such as eventName:Create* -eventName:CreateLogStream");
  arguments.choice("--format", "FORMAT", {"table", "ndjson", "json", "csv"}, options.format,
                   "table (on a terminal), ndjson (elsewhere), json, csv");
  arguments.text("--fields", "A,B", options.fields, "show these fields");
  arguments.flag("--origins", options.origins, "origin.* and chain.* too; the input is read twice");
  arguments.number("--limit", "N", options.limit, "stop after so many records", {.least = 1});
  arguments.text("--logsource", "SOURCE", options.log_source, "the logs are not CloudTrail's: product=windows, or any");
  options.accounts.declare(arguments);
  options.input.declare(arguments);
  arguments.example("search 'outcome:denied -actor.kind:service' AWSLogs/", "who was denied");
  arguments.example("search 'sourceIPAddress:203.0.113.0/24' AWSLogs/", "a network");
  arguments.example("search '\"BackupOperator\"' AWSLogs/", "words anywhere");
  arguments.example("search '*' --format csv AWSLogs/ > events.csv", "a spreadsheet");
  shield_query(words);
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  for (const auto& path : options.input.paths) {
    if (!path.starts_with(" -")) continue;
    return arguments.refuse(path.substr(1) + " stands behind the query; put the whole query into one pair of quotes",
                            console);
  }
  if (options.query.starts_with(' ')) options.query.erase(0, 1);
  if (const auto problem = swapped(options.query, options.input.paths, "query")) {
    return arguments.refuse(*problem, console);
  }
  const auto code = Search(options, console).run();
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
