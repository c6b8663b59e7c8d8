#include "app/timeline_writer.h"

#include <optional>

#include "app/json_lines.h"
#include "app/quantity.h"

namespace tripline::app {

namespace {

using Seconds = std::optional<std::chrono::seconds>;  // since the call before; nothing for the first

struct Line {
  const TimelineEntry& entry;
  Seconds since;
  bool is_table;
};

Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }

Style style_of(const TimelineEntry& entry) {
  return entry.outcome == "denied" ? Style::kRed : entry.hop ? Style::kPlain : Style::kDim;
}

/// In a table: deeper hops further in, and the service with the call.
Cell call_cell(const Line& line) {
  const TimelineEntry& e = line.entry;
  if (!line.is_table) return text_or_nothing(e.call);
  return {std::string(std::size_t{2} * e.hop.value_or(0), ' ') + e.service + " " + e.call, style_of(e)};
}

Cell outcome_cell(const Line& line) {
  const TimelineEntry& e = line.entry;
  const bool is_marked = line.is_table && e.outcome == "denied";
  return {is_marked ? "✗ " + e.outcome : e.outcome, style_of(e)};
}

/// In a table the error comes first, and its message stands in for a request that is not told.
Cell request_cell(const Line& line) {
  const TimelineEntry& e = line.entry;
  if (!line.is_table) return text_or_nothing(e.request);
  std::string text = e.error;
  const std::string& more = e.request.empty() ? e.message : e.request;
  if (!text.empty() && !more.empty()) text += "; ";
  text += more;
  return text_or_nothing(text);
}

struct TimelineColumn {
  Column column;
  Cell (*value)(const Line& line);
};

const std::vector<TimelineColumn>& columns() {
  static const std::vector<TimelineColumn> kColumns{
      {{"eventTime", "TIME", false, {20}},
       [](const Line& l) { return l.entry.time ? Cell{engine::format_time(*l.entry.time)} : Cell{}; }},
      {{"hop", ""}, [](const Line& l) { return l.entry.hop ? Cell{std::uint64_t{*l.entry.hop}} : Cell{}; }},
      {{"gap_seconds", ""},
       [](const Line& l) { return l.since ? Cell{static_cast<std::uint64_t>(l.since->count())} : Cell{}; }},
      {{"actor", "AS", false, {10}}, [](const Line& l) { return text_or_nothing(l.entry.actor); }},
      {{"recipientAccountId", "ACCOUNT", false, {12, 3}},
       [](const Line& l) { return text_or_nothing(l.entry.account); }},
      {{"awsRegion", "REGION", false, {14, 2}}, [](const Line& l) { return text_or_nothing(l.entry.region); }},
      {{"service", ""}, [](const Line& l) { return text_or_nothing(l.entry.service); }},
      {{"eventName", "CALL", false, {20}}, &call_cell},
      {{"outcome", "OUTCOME", false, {Room::kWhole}}, &outcome_cell},
      {{"errorCode", ""}, [](const Line& l) { return text_or_nothing(l.entry.error); }},
      {{"errorMessage", ""}, [](const Line& l) { return text_or_nothing(l.entry.message); }},
      {{"sourceIPAddress", "FROM", false, {15, 1}}, [](const Line& l) { return text_or_nothing(l.entry.address); }},
      {{"userAgent", ""}, [](const Line& l) { return text_or_nothing(l.entry.agent); }},
      {{"accessKeyId", ""}, [](const Line& l) { return text_or_nothing(l.entry.access_key); }},
      {{"readOnly", ""}, [](const Line& l) { return Cell{l.entry.reads_only}; }},
      {{"eventID", ""}, [](const Line& l) { return text_or_nothing(l.entry.event_id); }},
      {{"request", "REQUEST", false, {14, 4}}, &request_cell},
  };
  return kColumns;
}

/// The record's own JSON object with what only its place in the timeline tells put beside ours.
std::string json_in_place(const TimelineEntry& entry, Seconds since) {
  constexpr std::string_view kEnd = "}}";  // of ours and of the record
  std::string out = entry.json.substr(0, entry.json.size() - kEnd.size());
  out += ",\"timeline\":{\"hop\":" + (entry.hop ? std::to_string(*entry.hop) : "null");
  out += ",\"gap_seconds\":" + (since ? std::to_string(since->count()) : "null");
  return out + "}" + std::string(kEnd);
}

void write_gap(std::chrono::seconds gap, std::size_t columns, RowWriter& rows) {
  std::vector<Cell> cells(columns);
  cells.front() = {"… " + duration_text(gap), Style::kDim};
  rows.row(cells);
}

}  // namespace

void write_timeline(const std::vector<TimelineEntry>& entries, const std::vector<std::string>& fields, Format format,
                    Console& console) {
  std::optional<JsonLines> json;
  std::unique_ptr<RowWriter> rows;
  std::size_t width = 0;
  if (format == Format::kNdjson || format == Format::kJson) {
    json.emplace(console, format == Format::kJson);
  } else {
    std::vector<Column> shown;
    for (const auto& field : fields) shown.push_back({field, field});
    for (const auto& column : columns()) {
      if (fields.empty()) shown.push_back(column.column);
    }
    width = shown.size();
    rows = make_row_writer(format, std::move(shown), console);
  }
  std::optional<engine::EventTime> before;
  for (const TimelineEntry& entry : entries) {
    Seconds since;
    if (before && entry.time) since = std::chrono::duration_cast<std::chrono::seconds>(*entry.time - *before);
    if (entry.time) before = entry.time;
    if (json) {
      json->value(fields.empty() ? json_in_place(entry, since) : entry.json);
      continue;
    }
    if (format == Format::kTable && since && *since >= kTimelineGap) write_gap(*since, width, *rows);
    std::vector<Cell> cells;
    for (const auto& text : entry.chosen) cells.push_back({text});
    if (fields.empty()) {
      const Line line{entry, since, format == Format::kTable};
      for (const auto& column : columns()) cells.push_back(column.value(line));
    }
    rows->row(cells);
  }
  json ? json->finish() : rows->finish();
}

}  // namespace tripline::app
