#include "alerts/explain_routes.h"

#include <algorithm>
#include <map>

namespace tripline::alerts {
namespace {

std::string changes_words(const Route& route) {
  if (!route.changes) return "opened, and from level high on widened";
  std::string words;
  for (const Change change : *route.changes) words += (words.empty() ? "" : ", ") + std::string(name_of(change));
  return words;
}

std::string group_by_words(const Route& route) {
  std::string words;
  for (const GroupBy by : route.group_by) {
    for (const GroupByRow& row : kGroupBys) {
      if (row.by == by) words += (words.empty() ? "" : ", ") + std::string(row.name);
    }
  }
  return words.empty() ? "others" : "others of its " + words;
}

std::string pace_words(const Route& route, const SinkKind& kind) {
  const Pace pace = pace_of(route, kind);
  std::string words;
  if (pace.group_wait.count() > 0) {
    words = "after " + duration_text(pace.group_wait) + ", with " + group_by_words(route) + " that came meanwhile";
  } else {
    words = "at once";
  }
  if (pace.group_interval.count() > 0) {
    words += "; what follows within " + duration_text(pace.group_interval) + " of " + group_by_words(route) +
             " comes in one message";
  }
  if (pace.digest_above > 0) {
    words += "; above " + std::to_string(pace.digest_above) + " signals of its rule in an hour a digest every " +
             duration_text(pace.digest_interval);
  }
  if (pace.rate) {
    words += "; at most " + std::to_string(pace.rate->messages) + " messages in " + duration_text(pace.rate->per);
  }
  if (pace.repeat_interval.count() > 0) {
    words += "; again every " + duration_text(pace.repeat_interval) + " while it goes on";
  }
  return kind.closes ? words + "; and when it closes" : words;
}

RouteAnswer::ToSink to_sink(const Route& route, const RoutedSink& sink, const AskedChange& asked) {
  const Change change = asked.change == Change::kOpened && asked.continues ? Change::kUpdated : asked.change;
  const Pace pace = pace_of(route, *sink.kind);
  if (change == Change::kClosed && sink.kind->closes) {
    return {sink.name, true, "at once, if it was told of the signal"};
  }
  if (tells(route, change, asked.level)) return {sink.name, true, pace_words(route, *sink.kind)};
  std::string why = "the route tells " + changes_words(route);
  if (change != asked.change) why += ", and what continues the signal of the period before is an update";
  const bool goes_on = change == Change::kWidened || change == Change::kUpdated;
  if (goes_on && pace.repeat_interval.count() > 0 && tells(route, Change::kOpened, asked.level)) {
    why += "; it is told if the sink last heard of it " + duration_text(pace.repeat_interval) + " ago, or never";
  }
  return {sink.name, false, why};
}

}  // namespace

std::vector<RouteAnswer> explain_routes(const std::vector<Route>& routes, const std::vector<RoutedSink>& sinks,
                                        const AskedChange& asked) {
  std::vector<RouteAnswer> answers;
  std::map<std::string, std::string> told;  // by sink, the route that tells it
  std::string taken_by;                     // the last that is tried
  for (const Route& route : routes) {
    RouteAnswer& answer = answers.emplace_back();
    answer.route = route.name;
    if (!taken_by.empty()) {
      answer.why = "it is not tried: `" + taken_by + "` takes the signal, and does not say `continue`";
      continue;
    }
    if (const Trait* misfit = SignalMatcher(route.match).misfit(asked.traits)) {
      answer.why = misfit_words(*misfit, route.match, asked.traits);
      continue;
    }
    answer.takes = true;
    if (!route.goes_on) taken_by = route.name;
    for (const std::string& name : route.sinks) {
      const auto sink =
          std::find_if(sinks.begin(), sinks.end(), [&](const RoutedSink& one) { return one.name == name; });
      if (sink == sinks.end()) continue;
      if (const auto before = told.find(name); before != told.end()) {
        answer.sinks.push_back({name, false, "`" + before->second + "` tells it already"});
        continue;
      }
      answer.sinks.push_back(to_sink(route, *sink, asked));
      if (answer.sinks.back().told) told.emplace(name, route.name);
    }
  }
  return answers;
}

}  // namespace tripline::alerts
