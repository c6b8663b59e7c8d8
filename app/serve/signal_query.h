#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/serve/handling.h"
#include "engine/result.h"
#include "engine/rule.h"
#include "engine/signal.h"
#include "engine/store/reader.h"

namespace tripline::app {

/// Which signals GET /api/v1/signals is asked for.
struct SignalQuery {
  enum class State { kOpen, kClosed, kAcknowledged };

  std::optional<std::string> rule;     // id
  std::optional<engine::Level> level;  // at least
  std::optional<State> state;
  std::optional<std::string> account;
  std::optional<std::string> actor;
  std::optional<engine::EventTime> since;  // of the first trigger, inclusive
  std::optional<engine::EventTime> until;  // exclusive
  std::optional<std::string> text;         // in lower case
  std::optional<engine::store::SignalPlace> before;
  std::size_t limit = 50;

  static constexpr std::size_t kMostLimit = 500;
};

/// A parameter of the query; the API's documentation is held to this table.
struct SignalParameter {
  std::string_view name;
  std::string_view takes;  // for the error
  /// False: it is not what it takes.
  bool (*read)(std::string_view value, engine::EventTime now, SignalQuery& into);
};
std::span<const SignalParameter> signal_parameters();

/// Reads the query of a URL. `now`: what `2h` is before. kBadInput: a parameter is unknown, there twice or not what it
/// takes; the message names it.
engine::Result<SignalQuery> read_signal_query(std::string_view query, engine::EventTime now);

/// Whether the query asks for the signal. `before` and `limit` are the caller's. `json`: what is shown of the signal;
/// called only if some text is asked for.
bool asks_for(const SignalQuery& query, const engine::Signal& signal, const std::vector<Note>& notes,
              const std::function<std::string()>& json);

/// The cursor that goes on after this place, and back; nothing: it is no cursor.
std::string cursor_of(const engine::store::SignalPlace& place);
std::optional<engine::store::SignalPlace> place_of_cursor(std::string_view cursor);

/// 32 lower-case hexadecimal digits.
bool is_signal_id(std::string_view text);

}  // namespace tripline::app
