#include "app/scan_summary.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <tuple>

#include "app/quantity.h"
#include "app/table.h"

namespace tripline::app {
namespace {

std::string per_thousand(std::uint64_t matches, std::uint64_t events) {
  if (events == 0) return "";
  std::array<char, 32> text{};
  const double rate = 1000.0 * static_cast<double>(matches) / static_cast<double>(events);
  std::snprintf(text.data(), text.size(), rate < 100 ? "%.3g" : "%.0f", rate);
  return text.data();
}

TableCell level_cell(engine::Level level) { return {std::string(engine::name_of(level)), style_of(level)}; }

void note_more(std::size_t rows, const std::string& noun, Console& console) {
  if (rows > ScanSummary::kRows) console.note("… and " + counted(rows - ScanSummary::kRows, "more " + noun));
  console.note("");
}

}  // namespace

void ScanSummary::match(const engine::Match& match) {
  ++by_rule_[match.detection];
  const std::pair key(match.group.empty() ? std::string() : match.group[0], match.actor);
  auto known = by_actor_.find(key);
  if (known == by_actor_.end()) {
    if (by_actor_.size() == kActors) {
      ++other_actors_;
      return;
    }
    known = by_actor_.emplace(key, Actor{}).first;
  }
  ++known->second.matches;
  known->second.highest = std::max(known->second.highest, match.rule().rule.level);
}

void ScanSummary::print_tables(std::uint64_t events, Console& console) const {
  if (by_actor_.empty()) return;
  console.note("");
  print_rules(events, console);
  print_actors(console);
}

void ScanSummary::print_rules(std::uint64_t events, Console& console) const {
  std::vector<std::uint32_t> order(by_rule_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t i) { return by_rule_[i] == 0; });
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return by_rule_[a] > by_rule_[b]; });
  Table table({{"RULE"}, {"LEVEL"}, {"MATCHES", true}, {"PER 1,000 EVENTS", true}}, console,
              console.width(Stream::kErr), Stream::kErr);
  for (std::size_t i = 0; i < std::min(order.size(), kRows); ++i) {
    const engine::Rule& rule = rules_->detections[order[i]].rule;
    const std::uint64_t matches = by_rule_[order[i]];
    table.row({{rule.title}, level_cell(rule.level), {grouped(matches)}, {per_thousand(matches, events)}});
  }
  table.finish();
  note_more(order.size(), "rule", console);
}

void ScanSummary::print_actors(Console& console) const {
  using Entry = decltype(by_actor_)::value_type;
  std::vector<const Entry*> order;
  for (const auto& entry : by_actor_) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return std::tie(a->second.highest, a->second.matches) > std::tie(b->second.highest, b->second.matches);
  });
  Table table({{"ACTOR"}, {"ACCOUNT"}, {"HIGHEST"}, {"MATCHES", true}}, console, console.width(Stream::kErr),
              Stream::kErr);
  for (std::size_t i = 0; i < std::min(order.size(), kRows); ++i) {
    const auto& [key, actor] = *order[i];
    table.row({{key.second.empty() ? "(unknown)" : key.second},
               {key.first},
               level_cell(actor.highest),
               {grouped(actor.matches)}});
  }
  table.finish();
  if (other_actors_ > 0)
    console.note("… and " + counted(other_actors_, "match") + " of actors beyond the first " + grouped(kActors));
  note_more(order.size(), "actor", console);
}

}  // namespace tripline::app
