#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <simdjson.h>

namespace tripline::engine {

enum class ValueType : std::uint8_t { kNull, kBool, kNumber, kString, kContainer };

/// One value that a field's path reaches. A view: it dies with the Event's next read().
struct Value {
  ValueType type;
  /// A string's unescaped text; `true`, `12`, `0.5`, `null` for other scalars; a container's compact JSON text once
  /// Event::text() has been asked for it.
  std::string_view text;
  double number = 0;                 // of kNumber
  simdjson::dom::element element{};  // of kContainer
};

/// The number that the value is, or that its text is wholly; `inf` and `.5` are none.
std::optional<double> number_of(const Value& value);

}  // namespace tripline::engine
