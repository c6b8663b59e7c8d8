#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/message.h"
#include "alerts/signal_match.h"
#include "alerts/sink_kind.h"

namespace tripline::alerts {

/// At most so many messages in so long a time.
struct Rate {
  std::uint64_t messages = 0;
  std::chrono::milliseconds per{};

  bool operator==(const Rate&) const = default;
};

/// What signals are told together by.
enum class GroupBy : std::uint8_t { kRule, kLevel, kAccount, kActor, kGroup };

struct GroupByRow {
  std::string_view name;
  GroupBy by;
};
inline constexpr GroupByRow kGroupBys[] = {
    {"rule", GroupBy::kRule},   {"level", GroupBy::kLevel}, {"account", GroupBy::kAccount},
    {"actor", GroupBy::kActor}, {"group", GroupBy::kGroup},  // rule and group: one story
};

/// Which signals go to which sinks, and at what pace. After Alertmanager's idea: routes are tried in order, the first
/// that takes a signal is the last that is tried, unless it says `continue`. A value, as the configuration gives it;
/// what is absent is as the kind of the sink has it (pace_of()).
struct Route {
  using milliseconds = std::chrono::milliseconds;

  std::string name;
  SignalMatch match;
  std::vector<std::string> sinks;  // none: what it takes is told nowhere
  bool goes_on = false;            // `continue`
  std::optional<std::vector<Change>> changes;

  std::vector<GroupBy> group_by{GroupBy::kRule};
  std::optional<milliseconds> group_wait, group_interval, repeat_interval;
  std::optional<std::uint64_t> digest_above;
  std::optional<milliseconds> digest_interval;
  std::optional<Rate> rate;

  bool operator==(const Route&) const = default;
};

/// What routing knows of a sink.
struct RoutedSink {
  std::string name;
  const SinkKind* kind = nullptr;

  bool operator==(const RoutedSink&) const = default;
};

/// How fast a route tells a sink.
struct Pace {
  using milliseconds = std::chrono::milliseconds;

  milliseconds group_wait{0};       // from the first signal of a group until it is told
  milliseconds group_interval{0};   // from then until what has come meanwhile is; both 0: each is told by itself
  milliseconds repeat_interval{0};  // what goes on is told again; 0: never
  std::uint64_t digest_above = 0;   // signals of one rule in an hour; 0: never
  milliseconds digest_interval{0};
  std::optional<Rate> rate;

  bool grouped() const { return group_wait.count() > 0 || group_interval.count() > 0; }
  bool operator==(const Pace&) const = default;
};

/// Absent values of the route are as follows.
///   people read it         grouped within a minute, again after a day, a digest above 20 signals an hour
///   SinkKind::closes       the same, but each by itself, as it groups for itself; also when a route says otherwise
///   SinkKind::takes_all    each by itself and once, however many there are
Pace pace_of(const Route& route, const SinkKind& kind);

/// Whether the route tells this change of a signal of that level. Without `changes`: opened; widened from level high
/// on.
bool tells(const Route& route, Change change, engine::Level level);

/// The names of signals told together have these words in common; equal ones are one group.
std::string group_words(const std::vector<GroupBy>& by, const engine::Signal& signal);

/// One route for all: medium and above.
Route default_route(const std::vector<RoutedSink>& sinks);

/// Of a server without sinks: all changes of all signals on standard output.
RoutedSink default_sink();
Route default_sink_route();

/// `90s`, `1h`: in the largest unit that is whole.
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace tripline::alerts
