#include "rules/timespan.h"

#include <charconv>
#include <string>

#include "engine/text.h"

namespace tripline::rules {
namespace {

struct Unit {
  char letter;
  std::int64_t seconds;
  bool exact;
};
constexpr Unit kUnits[] = {
    {'s', 1, true},       {'m', 60, true},         {'h', 3'600, true},       {'d', 86'400, true},
    {'w', 604'800, true}, {'M', 2'629'746, false}, {'y', 31'556'952, false},  // of the Gregorian calendar's 400 years
};
constexpr std::int64_t kLongest = 100 * std::int64_t{31'556'952};

const Unit* find_unit(char letter) {
  for (const Unit& unit : kUnits) {
    if (unit.letter == letter) return &unit;
  }
  return nullptr;
}

}  // namespace

std::int64_t read_timespan(const YamlNode& node, std::string_view name, NodeReader& reader) {
  const auto text = reader.text(node, name);
  if (!text) return 0;
  const std::string said = "`" + std::string(name) + ": " + *text + "`";
  const auto fail = [&](const std::string& why, const std::string& hint) {
    reader.report("bad-timespan", reader.at(node), said + " " + why, hint);
    return std::int64_t{0};
  };
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc::result_out_of_range) return fail("is too long", "the longest span is 100y");
  if (error != std::errc{}) return fail("is no time span", "write a number and a unit, such as 15m");
  const std::string digits(text->data(), static_cast<std::size_t>(rest - text->data()));
  if (rest == end) return fail("has no unit", "for seconds write `" + digits + "s`");
  const Unit* unit = find_unit(*rest);
  if (rest + 1 != end || !unit) {
    const Unit* meant = find_unit(engine::fold(*rest));
    return fail("is no time span", meant ? "did you mean `" + digits + meant->letter + "`?"
                                         : "write a number and a unit of s, m, h, d or w, such as 15m");
  }
  if (number <= 0) return fail("is not above 0", "write a number and a unit, such as 15m");
  if (number > kLongest / unit->seconds) return fail("is too long", "the longest span is 100y");
  if (!unit->exact) {
    const std::string hint =
        unit->letter == 'M' ? "write days, such as 30d; minutes are a small `m`" : "write days, such as 365d";
    reader.report("inexact-timespan", reader.at(node),
                  said + " is taken as " + std::to_string(number * unit->seconds) + " seconds, its mean length", hint);
  }
  return number * unit->seconds;
}

std::optional<std::int64_t> seconds_of(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  if (rest == end) return number == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
  const Unit* unit = find_unit(*rest);
  if (rest + 1 != end || !unit || number > kLongest / unit->seconds) return std::nullopt;
  return number * unit->seconds;
}

std::string timespan_text(std::int64_t seconds) {
  const Unit* largest = &kUnits[0];
  for (const Unit& unit : kUnits) {
    const bool whole = unit.exact && seconds % unit.seconds == 0 && seconds >= unit.seconds;
    if (whole && unit.letter != 'w') largest = &unit;  // 30d and 7d read better than weeks
  }
  return std::to_string(seconds / largest->seconds) + largest->letter;
}

}  // namespace tripline::rules
