#include "app/signal_writer.h"

#include <algorithm>

#include "alerts/signal_json.h"
#include "app/json_line.h"

namespace tripline::app {
namespace {

using engine::Evidence;
using engine::Signal;

void add_distinct(std::vector<std::string>& values, const std::string& value) {
  if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

/// The distinct texts of one part of a signal's evidence.
Cell distinct(const Signal& signal, std::string Evidence::*part) {
  std::vector<std::string> values;
  for (const auto& evidence : signal.evidence) add_distinct(values, (*evidence).*part);
  return {values};
}

Cell distinct_field(const Signal& signal, const std::string& field) {
  std::vector<std::string> values;
  for (const auto& evidence : signal.evidence) {
    for (const auto& [name, value] : evidence->shown) {
      if (name == field) add_distinct(values, value);
    }
  }
  return {values};
}

struct SignalColumn {
  Column column;
  Cell (*value)(const Signal& signal);
  bool is_origin = false;
};

const std::vector<SignalColumn>& columns() {
  static const std::vector<SignalColumn> kColumns{
      {{"rule.level", "LEVEL", false, {Room::kWhole}},
       [](const Signal& s) {
         const engine::Level level = s.rule().level;
         return Cell{std::string(engine::name_of(level)), style_of(level)};
       }},
      {{"rule.title", "RULE", false, {24}},
       [](const Signal& s) { return Cell{(s.rule().dry_run ? "(dry run) " : "") + s.rule().title}; }},
      {{"triggers", "COUNT", true, {Room::kWhole, 5}}, [](const Signal& s) { return Cell{s.triggers}; }},
      {{"first", "FIRST", false, {Room::kWhole}}, [](const Signal& s) { return Cell{engine::format_time(s.first)}; }},
      {{"last", "LAST", false, {Room::kWhole, 1}}, [](const Signal& s) { return Cell{engine::format_time(s.last)}; }},
      {{"account", "ACCOUNT", false, {12, 4}}, [](const Signal& s) { return Cell{s.accounts}; }},
      {{"actor", "ACTOR", false, {12}}, [](const Signal& s) { return Cell{s.actors}; }},
      {{"origin", "ORIGIN", false, {12, 6}}, [](const Signal& s) { return distinct(s, &Evidence::origin); }, true},
      {{"sourceIPAddress", "FROM", false, {39, 3}}, [](const Signal& s) { return Cell{s.addresses}; }},
      {{"eventName", ""}, [](const Signal& s) { return distinct(s, &Evidence::event_name); }},
      {{"rule.id", ""}, [](const Signal& s) { return Cell{s.rule().id}; }},
      {{"id", ""}, [](const Signal& s) { return Cell{s.id}; }},
  };
  return kColumns;
}

}  // namespace

SignalWriter::SignalWriter(Options options, Console& console) : options_(std::move(options)) {
  if (options_.format == Format::kNdjson || options_.format == Format::kJson) {
    json_.emplace(console, options_.format == Format::kJson);
    return;
  }
  std::vector<Column> shown;
  for (const auto& c : columns()) {
    if (options_.with_origins || !c.is_origin) shown.push_back(c.column);
  }
  for (const auto& field : options_.fields) shown.push_back({field, field});
  if (options_.fields.empty()) shown.push_back({"fields", "DETAILS", false, {20, 2}});
  rows_ = make_row_writer(options_.format, std::move(shown), console);
}

engine::Result<void> SignalWriter::deliver(const Signal& signal) {
  if (json_) {
    alerts::Surroundings around{.accounts = options_.accounts, .logs = options_.logs};
    if (options_.related != nullptr) around.related = options_.related->to(signal);
    json_->value(json_line(alerts::signal_json(signal, around)));
    return {};
  }
  std::vector<Cell> cells;
  for (const auto& c : columns()) {
    if (options_.with_origins || !c.is_origin) cells.push_back(c.value(signal));
  }
  for (const auto& field : options_.fields) cells.push_back(distinct_field(signal, field));
  if (options_.fields.empty()) {
    cells.push_back(signal.evidence.empty() ? Cell{} : Cell{signal.evidence.front()->shown});
  }
  rows_->row(cells);
  return {};
}

engine::Result<void> SignalWriter::finish() {
  json_ ? json_->finish() : rows_->finish();
  return {};
}

}  // namespace tripline::app
