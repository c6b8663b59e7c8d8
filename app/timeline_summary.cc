#include "app/timeline_summary.h"

#include <algorithm>
#include <map>

namespace tripline::app {

namespace {

struct Facet {
  std::string_view name;
  std::string (*value)(const TimelineEntry& entry);
};
constexpr Facet kFacets[] = {
    {"as", [](const TimelineEntry& e) { return e.actor; }},
    {"call", [](const TimelineEntry& e) { return e.service + " " + e.call; }},
    {"address", [](const TimelineEntry& e) { return e.address; }},
    {"agent", [](const TimelineEntry& e) { return e.agent; }},
    {"key", [](const TimelineEntry& e) { return e.access_key; }},
    {"account", [](const TimelineEntry& e) { return e.account; }},
    {"region", [](const TimelineEntry& e) { return e.region; }},
};

struct Count {
  std::uint64_t events = 0;
  std::uint64_t denied = 0;
  std::optional<engine::EventTime> first;
  std::optional<engine::EventTime> last;

  void see(const TimelineEntry& entry) {
    ++events;
    if (entry.outcome == "denied") ++denied;
    if (!entry.time) return;
    first = std::min(first.value_or(*entry.time), *entry.time);
    last = std::max(last.value_or(*entry.time), *entry.time);
  }
};

Cell time_cell(const std::optional<engine::EventTime>& time) {
  return time ? Cell{engine::format_time(*time)} : Cell{};
}

}  // namespace

void write_timeline_summary(const std::vector<TimelineEntry>& entries, Format format, Console& console) {
  const auto writer = make_row_writer(format,
                                      {{"what", "WHAT", false, {Room::kWhole}},
                                       {"value", "VALUE", false, {24}},
                                       {"events", "EVENTS", true, {Room::kWhole}},
                                       {"denied", "DENIED", true, {Room::kWhole}},
                                       {"first", "FIRST", false, {20, 2}},
                                       {"last", "LAST", false, {20, 1}}},
                                      console);
  for (const Facet& facet : kFacets) {
    std::map<std::string, Count> counts;
    for (const TimelineEntry& entry : entries) {
      std::string value = facet.value(entry);
      if (!value.empty()) counts[std::move(value)].see(entry);
    }
    std::vector<std::pair<std::string, Count>> rows(counts.begin(), counts.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.events > b.second.events; });
    for (const auto& [value, count] : rows) {
      const Style style = count.denied > 0 ? Style::kRed : Style::kPlain;
      writer->row({{std::string(facet.name)},
                   {value},
                   {count.events},
                   {count.denied, style},
                   time_cell(count.first),
                   time_cell(count.last)});
    }
  }
  writer->finish();
}

}  // namespace tripline::app
