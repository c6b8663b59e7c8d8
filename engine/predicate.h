#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/field.h"
#include "engine/ip.h"
#include "engine/pattern.h"

namespace re2 {
class RE2;
}

namespace tripline::engine {

class Event;

using PredicateId = std::uint32_t;

// The kinds of test. Each holds when *some* value of the field passes; none sees whether it stands under `not`.
// A null passes none of them but NullTest and ExistsTest; a container passes those that look for text inside
// (wildcards, contains and the like, re) by its compact JSON text, and is something for ExistsTest.

/// Equals one of the numbers, numerically (0 is 0.0); a value that is no number equals one of the texts, letter case
/// aside (`numbers` and `texts` run side by side).
struct NumberTest {
  std::vector<double> numbers;
  std::vector<std::string> texts;
};
/// Texts of which one is looked for, without trying each.
struct TextSet;
/// Matches one of the patterns. Exact patterns see scalars only; all others see containers' text too.
struct TextTest {
  std::vector<Pattern> any;
  std::shared_ptr<const TextSet> exact = nullptr;  // PredicateTable makes it for long lists; absent: each is tried
};
/// RE2 finds the expression in the value's text; for kNoField in some key or scalar value of the record.
struct RegexTest {
  std::string pattern;  // with its flags, as `(?i)...`
  std::shared_ptr<const re2::RE2> compiled;
};
/// The value is an address inside one of the networks.
struct CidrTest {
  using Network = engine::Network;
  std::vector<Network> any;
};
enum class Comparison { kEq, kLt, kLte, kGt, kGte };
/// The value is a number, or text that is wholly one (`-1.5e3`; no sign `+`, no blanks), in this relation to `number`.
struct CompareTest {
  Comparison comparison;
  double number;
};
enum class TimePart { kMinute, kHour, kDay, kWeek, kMonth, kYear };
/// The value is text that parse_time() reads, and this part of it in UTC (day of the month; week as in ISO 8601)
/// stands in this relation to `number`.
struct TimePartTest {
  TimePart part;
  Comparison comparison;
  double number;
};
/// The field is missing, or all its values are null.
struct NullTest {};
/// The field reaches some value, null included.
struct ExistsTest {};
/// Some value stands in this relation to some scalar of `other`; a missing or null side never does. Two numbers are
/// equal numerically, all else compares by text.
struct FieldRefTest {
  enum class How { kEquals, kContains, kStartsWith, kEndsWith };
  FieldId other;
  How how;
  bool cased;
};
/// One of the patterns occurs in some key or scalar value of the record, never across two. `Predicate::field` is
/// kNoField.
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

/// Distinct predicates; those that must answer alike get one id, whatever the order or letter case they were written
/// in.
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
