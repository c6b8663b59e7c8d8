#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/predicate.h"
#include "rules/ast.h"
#include "rules/lowering.h"
#include "rules/sigma_string.h"

namespace tripline::rules {

/// What the modifiers before have made of an item's values. Bits of a set.
enum Form : std::uint16_t {
  kWritten = 1 << 0,   // as they stand in the rule
  kExpanded = 1 << 1,  // texts, placeholders filled in
  kText = 1 << 2,      // texts that only text modifiers still make sense of
  kWildcard = 1 << 3,  // texts with the wildcards of contains, startswith or endswith around them
  kUtf16 = 1 << 4,     // bytes that must still become Base64
  kRegex = 1 << 5,
  kNetwork = 1 << 6,
  kTimePart = 1 << 7,    // numbers that a part of a time equals
  kComparison = 1 << 8,  // numbers that a number, or a part of a time, is above or below
  kFieldName = 1 << 9,
  kExistence = 1 << 10,
  kAnyForm = (1 << 11) - 1,
};

/// Kinds of written values. Bits of a set.
enum ValueKinds : std::uint8_t { kString = 1, kNumber = 2, kBool = 4, kNull = 8, kTexts = 7, kAnyValue = 15 };

/// One of the texts that a written value stands for (`windash` and the like make several).
struct FieldValue {
  Scalar written;
  SigmaString text;  // bytes when the form is kUtf16
};

/// An item on its way through its modifiers.
struct ItemState {
  Form form = kWritten;
  std::vector<std::vector<FieldValue>> values;  // for each written value its alternatives
  bool cased = false;
  bool all = false;
  bool neq = false;
  std::string regex_flags;
  std::optional<engine::TimePart> time_part;
  engine::Comparison comparison = engine::Comparison::kEq;
  engine::FieldRefTest::How how = engine::FieldRefTest::How::kEquals;
};

/// What went wrong in a modifier; the position is the value's.
struct ModifierError {
  std::string_view code;
  Position at;
  std::string message;
  std::string hint;
};

/// One modifier: a row of the table that the compiler, its hints and docs/sigma-support.md read.
struct Modifier {
  std::string_view name;
  std::uint16_t after;  // forms that it can follow
  std::uint16_t keeps;  // those among them that stay as they are; the others become `gives`
  Form gives;
  std::uint8_t values;  // kinds of written values that it works on
  bool keywords;        // works without a field too
  void (*apply)(const Modifier&, const Lists&, ItemState&, std::vector<ModifierError>&);
  std::string_view effect;   // for people
  std::string_view section;  // of Sigma Modifiers 2.1.0
};

std::span<const Modifier> modifiers();

/// Most alternatives that the values of one item may stand for.
inline constexpr std::size_t kMaxAlternatives = 100'000;

}  // namespace tripline::rules
