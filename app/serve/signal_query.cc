#include "app/serve/signal_query.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "app/moment.h"
#include "app/serve/query_string.h"

namespace tripline::app {

using engine::EventTime;

namespace {

constexpr std::size_t kIdDigits = 32;
using State = SignalQuery::State;

constexpr std::pair<std::string_view, State> kStates[] = {
    {"open", State::kOpen}, {"closed", State::kClosed}, {"acknowledged", State::kAcknowledged}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

template <std::optional<std::string> SignalQuery::*Member>
bool read_text(std::string_view value, EventTime, SignalQuery& into) {
  into.*Member = value;
  return !value.empty();
}

template <std::optional<EventTime> SignalQuery::*Member>
bool read_time(std::string_view value, EventTime now, SignalQuery& into) {
  into.*Member = parse_moment(value, now);
  return (into.*Member).has_value();
}

constexpr SignalParameter kParameters[] = {
    {"rule", "the id of a rule", &read_text<&SignalQuery::rule>},
    {"level", "informational, low, medium, high or critical",
     [](std::string_view value, EventTime, SignalQuery& into) {
       into.level = engine::parse_level(value);
       return into.level.has_value();
     }},
    {"state", "open, closed or acknowledged",
     [](std::string_view value, EventTime, SignalQuery& into) {
       for (const auto& [name, state] : kStates) {
         if (name == value) into.state = state;
       }
       return into.state.has_value();
     }},
    {"account", "an account id", &read_text<&SignalQuery::account>},
    {"actor", "the name of an actor", &read_text<&SignalQuery::actor>},
    {"since", "a time, a date, or a span like 2h before now", &read_time<&SignalQuery::since>},
    {"until", "a time, a date, or a span like 2h before now", &read_time<&SignalQuery::until>},
    {"text", "some text",
     [](std::string_view value, EventTime, SignalQuery& into) {
       into.text = lower(value);
       return !value.empty();
     }},
    {"limit", "a number from 1 to 500",
     [](std::string_view value, EventTime, SignalQuery& into) {
       const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), into.limit);
       return error == std::errc{} && end == value.data() + value.size() && into.limit >= 1 &&
              into.limit <= SignalQuery::kMostLimit;
     }},
    {"cursor", "the `next` of an answer",
     [](std::string_view value, EventTime, SignalQuery& into) {
       into.before = place_of_cursor(value);
       return into.before.has_value();
     }},
};

bool holds(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_in(State state, const engine::Signal& signal, const std::vector<Note>& notes) {
  const auto handling = handled(notes);
  const bool closed = signal.closed || handling == Note::Kind::kClosed;
  switch (state) {
    case State::kOpen:
      return !closed;
    case State::kClosed:
      return closed;
    case State::kAcknowledged:
      return handling == Note::Kind::kAcknowledged;
  }
  return false;
}

}  // namespace

std::span<const SignalParameter> signal_parameters() { return kParameters; }

engine::Result<SignalQuery> read_signal_query(std::string_view query, EventTime now) {
  SignalQuery read;
  std::set<std::string_view> seen;
  for (const auto& [name, value] : query_parameters(query)) {
    const auto* row =
        std::find_if(std::begin(kParameters), std::end(kParameters),
                     [&, wanted = std::string_view(name)](const auto& one) { return one.name == wanted; });
    if (row == std::end(kParameters)) {
      std::string known;
      for (const auto& one : kParameters) known += (known.empty() ? "" : ", ") + std::string(one.name);
      return engine::fail(engine::ErrorCode::kBadInput, "there is no such parameter; there are " + known);
    }
    const std::string named = "`" + std::string(row->name) + "`";
    if (!seen.insert(row->name).second) return engine::fail(engine::ErrorCode::kBadInput, named + " is there twice");
    if (!row->read(value, now, read)) {
      return engine::fail(engine::ErrorCode::kBadInput, named + " takes " + std::string(row->takes));
    }
  }
  return read;
}

bool asks_for(const SignalQuery& query, const engine::Signal& signal, const std::vector<Note>& notes,
              const std::function<std::string()>& json) {
  if (query.rule && signal.rule().id != *query.rule) return false;
  if (query.level && signal.rule().level < *query.level) return false;
  if (query.state && !is_in(*query.state, signal, notes)) return false;
  if (query.account && !holds(signal.accounts, *query.account)) return false;
  if (query.actor && !holds(signal.actors, *query.actor)) return false;
  if (query.since && signal.first < *query.since) return false;
  if (query.until && signal.first >= *query.until) return false;
  return !query.text || lower(json()).find(*query.text) != std::string::npos;
}

std::string cursor_of(const engine::store::SignalPlace& place) {
  return engine::to_hex({static_cast<std::uint64_t>(place.first.time_since_epoch().count()), 0}).substr(0, 16) +
         engine::to_hex(place.id);
}

std::optional<engine::store::SignalPlace> place_of_cursor(std::string_view cursor) {
  constexpr std::size_t kTimeDigits = 16;
  if (cursor.size() != kTimeDigits + kIdDigits) return std::nullopt;
  if (cursor.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  std::uint64_t milliseconds = 0;
  std::from_chars(cursor.data(), cursor.data() + kTimeDigits, milliseconds, 16);
  return engine::store::SignalPlace{EventTime{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}},
                                    engine::from_hex(cursor.substr(kTimeDigits))};
}

bool is_signal_id(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace tripline::app
