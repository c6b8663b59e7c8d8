#include "engine/predicate.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <re2/re2.h>

#include "engine/event.h"
#include "engine/event_time.h"
#include "engine/text.h"
#include "engine/text_set.h"

namespace tripline::engine {
namespace {

bool is_scalar(const Value& value) { return value.type != ValueType::kContainer && value.type != ValueType::kNull; }

bool compare(double value, Comparison comparison, double bound) {
  switch (comparison) {
    case Comparison::kEq:
      return value == bound;
    case Comparison::kLt:
      return value < bound;
    case Comparison::kLte:
      return value <= bound;
    case Comparison::kGt:
      return value > bound;
    case Comparison::kGte:
      return value >= bound;
  }
  return false;
}

/// The week that holds the Thursday between the same Monday and Sunday; week 1 holds the year's first Thursday.
int iso_week(std::chrono::sys_days day) {
  using namespace std::chrono;
  const sys_days thursday = day - (weekday{day} - Monday) + days{3};
  const sys_days new_year = year_month_day{thursday}.year() / January / 1;
  return static_cast<int>((thursday - new_year).count() / 7 + 1);
}

int part_of(EventTime time, TimePart part) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  switch (part) {
    case TimePart::kMinute:
      return static_cast<int>(clock.minutes().count());
    case TimePart::kHour:
      return static_cast<int>(clock.hours().count());
    case TimePart::kDay:
      return static_cast<int>(static_cast<unsigned>(date.day()));
    case TimePart::kWeek:
      return iso_week(day);
    case TimePart::kMonth:
      return static_cast<int>(static_cast<unsigned>(date.month()));
    case TimePart::kYear:
      return static_cast<int>(date.year());
  }
  return 0;
}

bool passes(const TextTest& test, Value& value, Event& event) {
  if (value.type == ValueType::kNull) return false;
  const bool container = value.type == ValueType::kContainer;
  const auto matches = [&](const Pattern& pattern) {
    if (pattern.kind() == Pattern::Kind::kAny) return true;  // spares a container's text
    if (!container) return pattern.matches(value.text);
    return pattern.kind() != Pattern::Kind::kExact && pattern.matches(event.text(value));
  };
  if (!test.exact) return std::any_of(test.any.begin(), test.any.end(), matches);
  if (!container && test.exact->texts.contains(value.text)) return true;
  return std::any_of(test.exact->rest.begin(), test.exact->rest.end(),
                     [&](std::uint32_t i) { return matches(test.any[i]); });
}

bool passes(const NumberTest& test, Value& value, Event&) {
  if (value.type == ValueType::kNumber) {
    return std::find(test.numbers.begin(), test.numbers.end(), value.number) != test.numbers.end();
  }
  if (!is_scalar(value)) return false;
  return std::any_of(test.texts.begin(), test.texts.end(),
                     [&](const std::string& text) { return FoldedEqual()(value.text, text); });
}

bool passes(const RegexTest& test, Value& value, Event& event) {
  if (value.type == ValueType::kNull) return false;
  const std::string_view text = event.text(value);
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *test.compiled);
}

bool passes(const CidrTest& test, Value& value, Event&) {
  if (value.type != ValueType::kString) return false;
  const auto address = parse_address(value.text);
  return address && std::any_of(test.any.begin(), test.any.end(),
                                [&](const Network& network) { return network.contains(*address); });
}

bool passes(const CompareTest& test, Value& value, Event&) {
  const auto number = number_of(value);
  return number && compare(*number, test.comparison, test.number);
}

bool passes(const TimePartTest& test, Value& value, Event&) {
  if (value.type != ValueType::kString) return false;
  const auto time = parse_time(value.text);
  return time && compare(part_of(*time, test.part), test.comparison, test.number);
}

bool equals(const FieldRefTest& test, const Value& value, const Value& other) {
  if (!is_scalar(value)) return false;
  if (value.type == ValueType::kNumber && other.type == ValueType::kNumber) return value.number == other.number;
  return test.cased ? value.text == other.text : FoldedEqual()(value.text, other.text);
}

/// `wanted` is folded unless the test is cased.
bool has_inside(const FieldRefTest& test, std::string_view text, std::string_view wanted) {
  switch (test.how) {
    case FieldRefTest::How::kContains:
      return test.cased ? text.find(wanted) != std::string_view::npos : contains_folded(text, wanted);
    case FieldRefTest::How::kStartsWith:
      return test.cased ? text.starts_with(wanted) : starts_with_folded(text, wanted);
    default:
      return test.cased ? text.ends_with(wanted) : ends_with_folded(text, wanted);
  }
}

template <class Test>
bool holds(const Test& test, FieldId field, Event& event) {
  for (Value& value : event.values(field)) {
    if (passes(test, value, event)) return true;
  }
  return false;
}

bool holds(const RegexTest& test, FieldId field, Event& event) {
  if (field != kNoField) {
    const auto values = event.values(field);
    return std::any_of(values.begin(), values.end(), [&](Value& value) { return passes(test, value, event); });
  }
  return event.any_text([&test](std::string_view text) {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *test.compiled);
  });
}

bool holds(const FieldRefTest& test, FieldId field, Event& event) {
  const auto values = event.values(field);
  for (const Value& other : event.values(test.other)) {
    if (!is_scalar(other)) continue;
    if (test.how == FieldRefTest::How::kEquals) {
      if (std::any_of(values.begin(), values.end(), [&](const Value& v) { return equals(test, v, other); }))
        return true;
      continue;
    }
    const std::string wanted = test.cased ? std::string(other.text) : fold(other.text);
    for (Value& value : values) {
      if (value.type != ValueType::kNull && has_inside(test, event.text(value), wanted)) return true;
    }
  }
  return false;
}

bool holds(const NullTest&, FieldId field, Event& event) {
  const auto values = event.values(field);
  return std::all_of(values.begin(), values.end(), [](const Value& value) { return value.type == ValueType::kNull; });
}

bool holds(const ExistsTest&, FieldId field, Event& event) { return !event.values(field).empty(); }

bool holds(const KeywordTest& test, FieldId, Event& event) {
  return event.any_text([&test](std::string_view text) {
    return std::any_of(test.any.begin(), test.any.end(),
                       [text](const Pattern& pattern) { return pattern.occurs_in(text); });
  });
}

}  // namespace

bool evaluate(const Predicate& predicate, Event& event) {
  return std::visit([&](const auto& test) { return holds(test, predicate.field, event); }, predicate.test);
}

}  // namespace tripline::engine
