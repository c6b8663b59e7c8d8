#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/field.h"
#include "engine/pattern.h"

namespace re2 {
class RE2;
}

namespace tripline::engine {

class Event;

using PredicateId = std::uint32_t;

// The kinds of test. Each holds when *some* value of the field passes; none sees whether it stands under `not`.

/// Equals one of the numbers, numerically; a value that is no number is compared with their texts (`numbers` and
/// `texts` run side by side).
struct NumberTest {
  std::vector<double> numbers;
  std::vector<std::string> texts;
};
/// Matches one of the patterns. Exact patterns see scalars only; all others see containers' text too.
struct TextTest {
  std::vector<Pattern> any;
};
/// RE2 finds the expression in the value's text.
struct RegexTest {
  std::string pattern;  // with its flags, as `(?i)...`
  std::shared_ptr<const re2::RE2> compiled;
};
/// The value is an address inside one of the networks.
struct CidrTest {
  struct Network {
    std::array<std::uint8_t, 16> address{};  // IPv4 as IPv4-mapped
    int prefix_bits = 0;                     // 0 to 128
    bool operator==(const Network&) const = default;
  };
  std::vector<Network> any;
};
enum class Comparison { kEq, kLt, kLte, kGt, kGte };
/// The value is a number (or text that is one) in this relation to `number`.
struct CompareTest {
  Comparison comparison;
  double number;
};
enum class TimePart { kMinute, kHour, kDay, kWeek, kMonth, kYear };
/// The value is a time whose part (UTC; week as in ISO 8601) stands in this relation to `number`.
struct TimePartTest {
  TimePart part;
  Comparison comparison;
  double number;
};
/// The field is missing, or all its values are null.
struct NullTest {};
/// The field reaches some value, null included.
struct ExistsTest {};
/// Some value stands in this relation to some value of `other`; a missing side never does.
struct FieldRefTest {
  enum class How { kEquals, kContains, kStartsWith, kEndsWith };
  FieldId other;
  How how;
  bool cased;
};
/// One of the patterns occurs in some key or scalar value of the record. `Predicate::field` is kNoField.
struct KeywordTest {
  std::vector<Pattern> any;
};

using Test = std::variant<TextTest, NumberTest, RegexTest, CidrTest, CompareTest, TimePartTest, NullTest, ExistsTest,
                          FieldRefTest, KeywordTest>;

/// One test of one field: what rules share, and what is evaluated at most once per event.
struct Predicate {
  FieldId field = kNoField;
  Test test;
};

/// Whether the predicate holds on the event, from scratch. Cannot fail.
bool evaluate(const Predicate& predicate, Event& event);

/// One line for people: `eventName is one of 'a', 'b'`.
std::string describe(const Predicate& predicate, const FieldTable& fields);

/// Distinct predicates; equal ones get one id.
class PredicateTable {
 public:
  PredicateId intern(Predicate predicate);
  const Predicate& operator[](PredicateId id) const { return predicates_[id]; }
  std::size_t size() const { return predicates_.size(); }

 private:
  std::deque<Predicate> predicates_;
  std::unordered_map<std::string, PredicateId> by_key_;
};

}  // namespace tripline::engine
