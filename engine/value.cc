#include "engine/value.h"

#include <charconv>

namespace tripline::engine {

std::optional<double> number_of(const Value& value) {
  if (value.type == ValueType::kNumber) return value.number;
  if (value.type != ValueType::kString) return std::nullopt;
  const std::string_view text = value.text;
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() == sign || text[sign] < '0' || text[sign] > '9') return std::nullopt;  // as `inf` is none
  double number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace tripline::engine
