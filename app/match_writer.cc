#include "app/match_writer.h"

namespace tripline::app {
namespace {

using engine::Match;

struct MatchColumn {
  Column column;
  Cell (*value)(const Match& match);
  bool is_origin = false;
};

/// An empty text is nothing.
Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }

const std::vector<MatchColumn>& columns() {
  static const std::vector<MatchColumn> kColumns{
      {{"event.eventTime", "TIME", false, {Room::kWhole}},
       [](const Match& m) { return m.time ? Cell{engine::format_time(*m.time)} : Cell{}; }},
      {{"event.eventID", ""}, [](const Match& m) { return text_or_nothing(m.evidence->event_id); }},
      {{"event.eventSource", ""}, [](const Match& m) { return text_or_nothing(m.evidence->event_source); }},
      {{"event.eventName", "EVENT", false, {16, 6}},
       [](const Match& m) { return text_or_nothing(m.evidence->event_name); }},
      {{"event.awsRegion", "REGION", false, {14, 2}},
       [](const Match& m) { return text_or_nothing(m.evidence->region); }},
      {{"event.recipientAccountId", "ACCOUNT", false, {12, 4}},
       [](const Match& m) { return text_or_nothing(m.evidence->account); }},
      {{"event.sourceIPAddress", "FROM", false, {39, 5}},
       [](const Match& m) { return text_or_nothing(m.evidence->address); }},
      {{"rule.id", ""}, [](const Match& m) { return Cell{m.rule().rule.id}; }},
      {{"rule.title", "RULE", false, {16}}, [](const Match& m) { return Cell{m.rule().rule.title}; }},
      {{"rule.level", "LEVEL", false, {Room::kWhole}},
       [](const Match& m) {
         const engine::Level level = m.rule().rule.level;
         return Cell{std::string(engine::name_of(level)), style_of(level)};
       }},
      {{"actor.name", "ACTOR", false, {12}}, [](const Match& m) { return text_or_nothing(m.actor); }},
      {{"origin.name", "ORIGIN", false, {12, 7}},
       [](const Match& m) { return text_or_nothing(m.evidence->origin); },
       true},
      {{"chain.path", ""}, [](const Match& m) { return text_or_nothing(m.evidence->chain); }, true},
      {{"outcome", "OUTCOME", false, {Room::kWhole, 3}},
       [](const Match& m) { return text_or_nothing(m.evidence->outcome); }},
      {{"duplicate", ""}, [](const Match& m) { return Cell{m.duplicate}; }},
      {{"group", ""}, [](const Match& m) { return Cell{m.group}; }},
      {{"fields", "DETAILS", false, {20, 1}}, [](const Match& m) { return Cell{m.evidence->shown}; }},
      {{"source.path", ""}, [](const Match& m) { return Cell{m.evidence->path}; }},
      {{"source.index", ""}, [](const Match& m) { return Cell{std::uint64_t{m.evidence->index}}; }},
  };
  return kColumns;
}

}  // namespace

MatchWriter::MatchWriter(Format format, bool with_origins, Console& console) : with_origins_(with_origins) {
  std::vector<Column> shown;
  for (const auto& c : columns()) {
    if (with_origins_ || !c.is_origin) shown.push_back(c.column);
  }
  rows_ = make_row_writer(format, std::move(shown), console);
}

void MatchWriter::match(const Match& match) {
  std::vector<Cell> cells;
  for (const auto& c : columns()) {
    if (with_origins_ || !c.is_origin) cells.push_back(c.value(match));
  }
  rows_->row(cells);
}

}  // namespace tripline::app
