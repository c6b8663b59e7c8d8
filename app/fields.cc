#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/accounts_option.h"
#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/field_census.h"
#include "app/field_use.h"
#include "app/input_options.h"
#include "app/input_report.h"
#include "app/quantity.h"
#include "app/read_mints.h"
#include "app/read_records.h"
#include "app/rows.h"
#include "app/rule_options.h"
#include "connectors/file_source.h"

namespace tripline::app {
namespace {

using Uses = std::map<std::string, std::vector<std::string>>;

struct FieldsOptions {
  RuleOptions rules;
  InputOptions input;
  AccountsOption accounts;
  std::string format;
  bool origins = false;
};

struct CensusPart : InputPart {
  FieldCensus census;
};

/// Rounded to a tenth, so that it reads well wherever it is written.
double percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return 0;
  return static_cast<double>((part * 1000 + whole / 2) / whole) / 10;
}

std::string distinct_text(const FieldFacts& facts) {
  return (facts.distinct_is_exact() ? "" : "≥ ") + grouped(facts.distinct());
}

/// In a table an empty text would not be seen.
std::vector<std::string> visible(std::vector<std::string> examples) {
  for (auto& example : examples) {
    if (example.empty()) example = "''";
  }
  return examples;
}

void write(const std::vector<FieldCensus::Field>& fields, std::uint64_t events, const Uses& uses, Format format,
           Console& console) {
  const bool is_table = format == Format::kTable;
  const auto writer = make_row_writer(format,
                                      {{"field", "FIELD", false, {44}},
                                       {"types", "TYPES", false, {8, 1}},
                                       {"events", "EVENTS", true, {Room::kWhole}},
                                       {"percent", "%", true, {Room::kWhole}},
                                       {"distinct", "DISTINCT", true, {Room::kWhole, 2}},
                                       {"distinct_is_exact", ""},
                                       {"examples", "EXAMPLES", false, {10}},
                                       {"rules", "RULES"}},
                                      console);
  for (const auto& [path, facts] : fields) {
    const auto use = uses.find(path);
    const std::vector<std::string> rules = use == uses.end() ? std::vector<std::string>{} : use->second;
    Cell used{rules};
    if (is_table) used = rules.size() < 2 ? Cell{rules} : Cell{std::uint64_t{rules.size()}};
    writer->row({{path},
                 {type_names(facts.types)},
                 {facts.events},
                 {percent(facts.events, events)},
                 is_table ? Cell{distinct_text(facts)} : Cell{std::uint64_t{facts.distinct()}},
                 {facts.distinct_is_exact()},
                 {is_table ? visible(facts.examples) : facts.examples},
                 used});
  }
  writer->finish();
}

engine::Result<int> run(const FieldsOptions& options, Console& console) {
  const auto span = options.input.span(wall_clock());
  if (!span) return span.error();
  const auto loaded = options.rules.load();
  if (!loaded) return loaded.error();
  const std::size_t errors = report_broken_rules(loaded->diagnostics, console);
  const auto accounts = options.accounts.load();
  if (!accounts) return accounts.error();
  const auto source = connectors::FileSource::open(options.input.paths);
  if (!source) return source.error();

  const engine::FieldTable table(loaded->rules->cloudtrail);
  const ReadOptions reading = options.input.reading(loaded->rules->cloudtrail, *span);
  std::unique_ptr<const engine::Lineage> lineage;
  if (reading.cloudtrail && (options.origins || engine::needs_lineage(*loaded->rules))) {
    auto read = read_mints(options.input.paths, reading, console, !options.input.quiet);
    if (!read) return read.error();
    lineage = std::move(read->lineage);
  }
  const engine::Knowledge knowledge{.accounts = accounts->get(), .lineage = lineage.get()};
  const auto make_process = [&] {
    auto event = std::make_shared<engine::Event>(table, knowledge);
    return [&reading, event](const engine::Record& record, CensusPart& part) -> engine::Result<Outcome> {
      if (const auto read = event->read(record); !read) return read.error();
      if (!lies_in(reading.span, *event)) return Outcome::kOutOfSpan;
      part.census.add(*event);
      return Outcome::kTaken;
    };
  };
  FieldCensus census;
  InputReport report(console);
  const auto totals = read_records<CensusPart>(
      **source, reading, make_process,
      [&](const engine::Envelope&, const CensusPart& part) { census.merge(part.census); },
      report.listener(**source, !options.input.quiet));
  report.finish();
  if (!totals) return totals.error();

  const Uses uses = field_uses(*loaded->rules);
  std::vector<FieldCensus::Field> fields = census.fields();
  Uses unseen = uses;
  for (const auto& field : fields) unseen.erase(field.path);
  for (const auto& [path, rules] : unseen) fields.push_back({path, {}});
  write(fields, census.events(), uses, choose_format(options.format, console), console);
  if (census.beyond() > 0) {
    console.warning("there are more than " + grouped(FieldCensus::kMostFields) + " fields; " +
                    counted(census.beyond(), "value") + " of further ones were not looked at");
  }
  if (!options.input.quiet) {
    report.summary(*totals, **source);
    console.note(counted(fields.size() - unseen.size(), "field") + " seen; " +
                 counted(unseen.size(), "field that rules read was", "fields that rules read were") + " not");
  }
  if (options.input.strict && report.pieces() > 0) return kCannotRun;
  return errors > 0 ? kBadRules : kRan;
}

}  // namespace

int run_fields(std::vector<std::string> words, Console& console) {
  FieldsOptions options;
  Arguments arguments("fields [OPTION]... PATH...",
                      "Lists every field of the logs, how often it is there, its values and the rules\n"
                      "that read it; at the end those that no event has. Secrets are not shown.");
  options.rules.declare(arguments, true);
  arguments.choice("--format", "FORMAT", {"table", "ndjson", "json", "csv"}, options.format,
                   "table (on a terminal), ndjson (elsewhere), json, csv");
  arguments.flag("--origins", options.origins, "also origin.* and chain.*; the input is read twice");
  options.accounts.declare(arguments);
  options.input.declare(arguments);
  arguments.example("fields AWSLogs/", "");
  arguments.example("fields -r my-rules/ --format csv AWSLogs/ > all.csv", "a spreadsheet");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = run(options, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
