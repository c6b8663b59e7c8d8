#include "alerts/route.h"

#include <algorithm>

namespace tripline::alerts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const std::vector<std::string> kToldLevels = {"medium", "high", "critical"};

std::string one_group_word(GroupBy by, const engine::Signal& signal) {
  switch (by) {
    case GroupBy::kRule:
      return signal.rule().id;
    case GroupBy::kLevel:
      return std::string(name_of(signal.rule().level));
    case GroupBy::kAccount:
      return signal.accounts.empty() ? "" : signal.accounts.front();
    case GroupBy::kActor:
      return signal.actors.empty() ? "" : signal.actors.front();
    case GroupBy::kGroup:
      return thread_of(signal);
  }
  return {};
}

}  // namespace

Pace pace_of(const Route& route, const SinkKind& kind) {
  Pace pace;
  if (!kind.takes_all) {
    pace = {.group_interval = minutes{1},
            .repeat_interval = hours{24},
            .digest_above = 20,
            .digest_interval = hours{1},
            .rate = {}};
  }
  pace.group_wait = route.group_wait.value_or(pace.group_wait);
  pace.group_interval = route.group_interval.value_or(pace.group_interval);
  pace.repeat_interval = route.repeat_interval.value_or(pace.repeat_interval);
  pace.digest_above = route.digest_above.value_or(pace.digest_above);
  pace.digest_interval = route.digest_interval.value_or(hours{1});
  pace.rate = route.rate;
  if (kind.closes) pace.group_wait = pace.group_interval = {};
  return pace;
}

bool tells(const Route& route, Change change, engine::Level level) {
  if (route.changes) return std::find(route.changes->begin(), route.changes->end(), change) != route.changes->end();
  return change == Change::kOpened || (change == Change::kWidened && level >= engine::Level::kHigh);
}

std::string group_words(const std::vector<GroupBy>& by, const engine::Signal& signal) {
  std::string words;
  for (const GroupBy one : by) {
    const std::string word = one_group_word(one, signal);
    words += std::to_string(word.size()) + ":" + word;
  }
  return words;
}

Route default_route(const std::vector<RoutedSink>& sinks) {
  Route route;
  route.name = "default";
  route.match.level = kToldLevels;
  for (const RoutedSink& sink : sinks) route.sinks.push_back(sink.name);
  return route;
}

RoutedSink default_sink() { return {"stdout", find_sink_kind("stdout")}; }

Route default_sink_route() {
  Route route;
  route.name = "default";
  route.sinks = {default_sink().name};
  route.changes.emplace();
  for (const ChangeRow& row : kChanges) route.changes->push_back(row.change);
  return route;
}

std::string duration_text(std::chrono::milliseconds duration) {
  constexpr struct {
    std::string_view unit;
    std::chrono::milliseconds of;
  } kUnits[] = {{"d", hours{24}}, {"h", hours{1}}, {"m", minutes{1}}, {"s", std::chrono::seconds{1}}};
  for (const auto& row : kUnits) {
    if (duration.count() > 0 && duration % row.of == std::chrono::milliseconds{0}) {
      return std::to_string(duration / row.of) + std::string(row.unit);
    }
  }
  return duration.count() == 0 ? "0s" : std::to_string(duration.count()) + "ms";
}

}  // namespace tripline::alerts
