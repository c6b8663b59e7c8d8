#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/diagnostic_text.h"
#include "app/input_options.h"
#include "app/quantity.h"
#include "app/rows.h"
#include "app/rule_options.h"
#include "engine/state.h"
#include "engine/store/stored_state.h"
#include "rules/loader.h"
#include "rules/timespan.h"

namespace tripline::app {
namespace {

using rules::RuleState;

struct StateRow {
  RuleState::State state;
  const char* name;
  Style style;
};
constexpr StateRow kStates[] = {
    {RuleState::State::kLoaded, "loaded", Style::kGreen},
    {RuleState::State::kFailed, "failed", Style::kRed},
    {RuleState::State::kSkippedStatus, "skipped", Style::kDim},
    {RuleState::State::kOtherLogSource, "other source", Style::kDim},
    {RuleState::State::kDisabled, "disabled", Style::kDim},
};

const StateRow& row_of(RuleState::State state) {
  for (const auto& row : kStates) {
    if (row.state == state) return row;
  }
  return kStates[0];
}

std::string_view name_of(RuleState::Kind kind) {
  switch (kind) {
    case RuleState::Kind::kDetection:
      return "detection";
    case RuleState::Kind::kCorrelation:
      return "correlation";
    case RuleState::Kind::kFilter:
      return "filter";
  }
  return "";
}

std::string text_of(const engine::LogSource& source) {
  std::string text;
  for (const auto& [name, value] :
       {std::pair{"product=", &source.product}, {"service=", &source.service}, {"category=", &source.category}}) {
    if (!value->empty()) text += (text.empty() ? "" : ",") + (name + *value);
  }
  return text;
}

/// A rule as it is listed.
struct Row : RuleState {
  std::string type{};                         // of a correlation that is loaded; else empty
  std::string timespan{};                     // likewise
  std::vector<std::string> filters{};         // ids of those that apply to it
  std::string expires{};                      // of a filter: its last day
  std::optional<engine::EventTime> learns{};  // of a new_value rule, with --store: up to when
};

/// What a table says of it beside its columns.
std::string why(const Row& row) {
  if (!row.why.empty()) return row.why;
  if (!row.overridden.empty()) return row.overridden;
  if (row.learns && *row.learns > wall_clock()) return "learns until " + engine::format_time(*row.learns);
  if (!row.expires.empty()) return "ends on " + row.expires;
  return row.rule.dry_run ? "dry run" : "";
}

struct RulesColumn {
  Column column;
  Cell (*value)(const Row& rule);
  Cell (*in_table)(const Row& rule) = nullptr;  // where a table shows something else
};

const std::vector<RulesColumn>& columns() {
  static const std::vector<RulesColumn> kColumns{
      {{"state", "STATE"},
       [](const Row& r) {
         return Cell{row_of(r.state).name, row_of(r.state).style};
       }},
      {{"rule.level", "LEVEL"},
       [](const Row& r) {
         if (r.kind == RuleState::Kind::kFilter) return Cell{};
         return Cell{std::string(engine::name_of(r.rule.level)), style_of(r.rule.level)};
       }},
      {{"rule.title", "TITLE"}, [](const Row& r) { return Cell{r.rule.title}; }},
      {{"rule.id", ""}, [](const Row& r) { return Cell{r.rule.id}; }},
      {{"rule.name", ""}, [](const Row& r) { return Cell{r.rule.name}; }},
      {{"rule.status", ""}, [](const Row& r) { return Cell{r.rule.status}; }},
      {{"rule.tags", ""}, [](const Row& r) { return Cell{r.rule.tags}; }},
      {{"kind", "KIND"},
       [](const Row& r) { return Cell{std::string(name_of(r.kind))}; },
       [](const Row& r) { return Cell{r.type.empty() ? std::string(name_of(r.kind)) : r.type + " " + r.timespan}; }},
      {{"correlation.type", ""}, [](const Row& r) { return Cell{r.type}; }},
      {{"correlation.timespan", ""}, [](const Row& r) { return Cell{r.timespan}; }},
      {{"logsource", "LOG SOURCE"}, [](const Row& r) { return Cell{text_of(r.rule.log_source)}; }},
      {{"path", "FILE"},
       [](const Row& r) { return Cell{r.rule.path}; },
       [](const Row& r) { return Cell{r.rule.path + ":" + std::to_string(r.rule.line)}; }},
      {{"line", ""}, [](const Row& r) { return Cell{static_cast<std::uint64_t>(r.rule.line)}; }},
      {{"why", "WHY"}, [](const Row& r) { return Cell{r.why}; }, [](const Row& r) { return Cell{why(r)}; }},
      {{"dry_run", ""}, [](const Row& r) { return Cell{r.rule.dry_run}; }},
      {{"filters", ""}, [](const Row& r) { return Cell{r.filters}; }},
      {{"expires", ""}, [](const Row& r) { return r.expires.empty() ? Cell{} : Cell{r.expires}; }},
      {{"learns_until", ""}, [](const Row& r) { return r.learns ? Cell{engine::format_time(*r.learns)} : Cell{}; }},
      {{"overridden", ""}, [](const Row& r) { return Cell{r.overridden}; }},
  };
  return kColumns;
}

std::vector<Row> rows_of(const rules::Loaded& loaded, const engine::State* state) {
  std::vector<Row> rows;
  std::map<std::pair<std::string, int>, std::size_t> places;  // of a rule's row, by its path and line
  const auto row_at = [&](const engine::Rule& rule) -> Row& { return rows[places.at({rule.path, rule.line})]; };
  for (const auto& one : loaded.states) {
    places[{one.rule.path, one.rule.line}] = rows.size();
    rows.push_back({one});
  }
  for (const auto& correlation : loaded.correlations) {
    Row& row = row_at(correlation.rule);
    row.type = correlation.type;
    row.timespan = rules::timespan_text(correlation.timespan_seconds);
  }
  for (const auto& filter : loaded.filters) {
    const auto expires = filter.tripline.settings.find("expires");
    if (expires != filter.tripline.settings.end()) row_at(filter.rule).expires = expires->second;
  }
  for (const auto& detection : loaded.rules->detections) {
    for (const auto& filter : detection.filters) {
      row_at(detection.rule).filters.push_back(loaded.rules->filters[filter.filter].id);
    }
  }
  if (state == nullptr || state->correlator() == nullptr) return rows;
  for (std::uint32_t i = 0; i < loaded.rules->correlations.size(); ++i) {
    row_at(loaded.rules->correlations[i].rule).learns = state->correlator()->held(i).learns_until;
  }
  return rows;
}

engine::Result<int> list(const RuleOptions& options, const std::string& store_path, const std::string& format_name,
                         Console& console) {
  const auto loaded = options.load();
  if (!loaded) return loaded.error();
  std::unique_ptr<engine::store::StoredState> store;
  std::optional<engine::State> state;
  if (!store_path.empty()) {
    auto opened = engine::store::StoredState::open(store_path);
    if (!opened) return opened.error();
    store = std::move(*opened);
    state.emplace(*store, loaded->rules);
    if (const auto read = state->load(); !read) return read.error();
  }
  const Format format = choose_format(format_name, console);
  std::vector<Column> shown;
  for (const auto& c : columns()) shown.push_back(c.column);
  const auto writer = make_row_writer(format, std::move(shown), console);
  std::vector<std::size_t> by_state(std::size(kStates));
  for (const Row& rule : rows_of(*loaded, state ? &*state : nullptr)) {
    std::vector<Cell> cells;
    for (const auto& c : columns()) {
      cells.push_back((format == Format::kTable && c.in_table != nullptr ? c.in_table : c.value)(rule));
    }
    writer->row(cells);
    ++by_state[static_cast<std::size_t>(&row_of(rule.state) - kStates)];
  }
  writer->finish();
  for (const auto& diagnostic : loaded->diagnostics.all()) {
    if (diagnostic.code->code.starts_with("override-")) console.note(headline(diagnostic, console, Stream::kErr));
  }
  std::string counts;
  for (std::size_t i = 0; i < by_state.size(); ++i) {
    if (by_state[i] > 0) counts += (counts.empty() ? ": " : ", ") + grouped(by_state[i]) + " " + kStates[i].name;
  }
  console.note(counted(loaded->states.size(), "rule") + " in " + counted(loaded->files, "file") + counts);
  return kRan;
}

}  // namespace

int run_rules(std::vector<std::string> words, Console& console) {
  RuleOptions options;
  std::string store;
  std::string format;
  Arguments arguments("rules [OPTION]...",
                      "Lists every rule with its state, and why it is not loaded when it is not.\n"
                      "`tripline check` says more of those that failed.");
  options.declare(arguments, true);
  options.declare_config(arguments);
  arguments.choice("--format", "FORMAT", {"table", "ndjson", "json", "csv"}, format,
                   "table (on a terminal), ndjson (elsewhere), json, csv");
  arguments.text("--store", "FILE", store, "also until when rules learn that keep their state there");
  arguments.example("rules", "the shipped pack");
  arguments.example("rules -c tripline.yml", "as a server has them, and what its overrides made of them");
  arguments.example("rules -r my-rules/ --format csv > rules.csv", "for a spreadsheet");
  if (const auto code = arguments.parse(std::move(words), console)) return *code;
  const auto code = list(options, store, format, console);
  return code ? *code : arguments.fail(code.error(), console);
}

}  // namespace tripline::app
