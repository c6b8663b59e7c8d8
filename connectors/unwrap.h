#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "connectors/limits.h"
#include "connectors/text_arena.h"
#include "engine/result.h"

namespace tripline::connectors {

/// A text that stood inside another.
struct Unwrapped {
  std::optional<std::string_view> text;  // nothing: there is none. In the arena.
  std::optional<engine::Error> trouble;  // why there is none, or not all of it
};

/// Takes texts out of JSON strings and base64, gzip included, for one object at a time: together they may have
/// Limits::max_record_bytes. Borrows both, which outlive it.
class Unwrapper {
 public:
  Unwrapper(const Limits& limits, TextArena& arena);

  /// The text that `string`, a JSON string with its quotes, stands for.
  Unwrapped from_string(std::string_view string);

  /// The bytes whose base64 is in `string`, with up to max_wrappings levels of gzip taken off. No text and no trouble:
  /// it is no base64.
  Unwrapped from_base64(std::string_view string);

 private:
  Unwrapped inflate(std::string_view gzip);
  Unwrapped too_large() const;

  const Limits& limits_;
  TextArena& arena_;
  std::uint64_t room_;  // bytes that may still come out
};

}  // namespace tripline::connectors
