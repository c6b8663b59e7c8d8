#include "rules/condition.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

using tripline::rules::Condition;
using tripline::rules::ConditionError;
using tripline::rules::parse_condition;

/// Whatever the text: no crash; an error points into the text; a condition
/// survives being printed and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse_condition(text);
  if (const auto* error = std::get_if<ConditionError>(&parsed)) {
    if (error->column < 1 || static_cast<std::size_t>(error->column) > size + 1 || error->message.empty()) std::abort();
    return 0;
  }
  const std::string printed = to_string(std::get<Condition>(parsed));
  const auto again = parse_condition(printed);
  if (!std::holds_alternative<Condition>(again) || to_string(std::get<Condition>(again)) != printed) std::abort();
  return 0;
}
