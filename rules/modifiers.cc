#include "rules/modifiers.h"

#include <cmath>
#include <cstdlib>
#include <utility>

#include "rules/encoding.h"
#include "rules/expansion.h"

namespace tripline::rules {
namespace {

using Errors = std::vector<ModifierError>;
using How = engine::FieldRefTest::How;
using Part = engine::Pattern::Part;

/// Replaces each alternative by those that `unfold` makes of it; says so when they are too many.
template <class Unfold>
void unfold_each(const Modifier& modifier, ItemState& state, Errors& errors, Unfold unfold) {
  std::size_t total = 0;
  for (auto& alternatives : state.values) {
    std::vector<FieldValue> unfolded;
    for (const FieldValue& value : alternatives) {
      const auto texts = unfold(value, kMaxAlternatives - total);
      if (!texts) {
        errors.push_back({"rule-too-large", value.written.at,
                          "`" + std::string(modifier.name) + "` makes more than " + std::to_string(kMaxAlternatives) +
                              " values of this item",
                          "split the value, or the rule"});
        return;
      }
      total += texts->size();
      for (const SigmaString& text : *texts) unfolded.push_back({value.written, text});
    }
    alternatives = std::move(unfolded);
  }
}

template <class Change>
void change_each(ItemState& state, Change change) {
  for (auto& alternatives : state.values) {
    for (FieldValue& value : alternatives) change(value);
  }
}

template <How kHow>
void put_wildcards(const Modifier& modifier, const Lists&, ItemState& state, Errors& errors) {
  if (state.form == kFieldName) {
    if (state.how != How::kEquals) {
      errors.push_back({"modifier-order",
                        {},
                        "`" + std::string(modifier.name) + "` is one relation too many",
                        "use one of contains, startswith and endswith"});
    }
    state.how = kHow;
    return;
  }
  change_each(state, [](FieldValue& value) {
    SigmaString around;
    if (kHow != How::kStartsWith) append(around, {Part::Kind::kMany, ""});
    for (const Part& part : value.text) append(around, part);
    if (kHow != How::kEndsWith) append(around, {Part::Kind::kMany, ""});
    value.text = std::move(around);
  });
}

void link_all(const Modifier&, const Lists&, ItemState& state, Errors&) { state.all = true; }
void negate(const Modifier&, const Lists&, ItemState& state, Errors&) { state.neq = true; }
void respect_case(const Modifier&, const Lists&, ItemState& state, Errors&) { state.cased = true; }
void keep_values(const Modifier&, const Lists&, ItemState&, Errors&) {}

void vary_dashes(const Modifier& modifier, const Lists&, ItemState& state, Errors& errors) {
  unfold_each(modifier, state, errors,
              [](const FieldValue& value, std::size_t most) { return dash_variants(value.text, most); });
}

/// The text of a value that is to be encoded; says so when it has none.
std::optional<std::string> encodable(const Modifier& modifier, const FieldValue& value, Errors& errors) {
  if (!has_wildcard(value.text)) return plain_text(value.text);
  errors.push_back({"modifier-value", value.written.at, "`" + std::string(modifier.name) + "` cannot encode a wildcard",
                    "write `\\*` or `\\?` for the character itself, or split the value at the wildcard"});
  return std::nullopt;
}

template <Utf16 kForm>
void encode_utf16(const Modifier& modifier, const Lists&, ItemState& state, Errors& errors) {
  change_each(state, [&](FieldValue& value) {
    if (const auto text = encodable(modifier, value, errors)) value.text = literal(utf16(*text, kForm));
  });
}

void encode_base64(const Modifier& modifier, const Lists&, ItemState& state, Errors& errors) {
  change_each(state, [&](FieldValue& value) {
    if (const auto text = encodable(modifier, value, errors)) value.text = literal(base64(*text));
  });
}

void encode_base64_offsets(const Modifier& modifier, const Lists&, ItemState& state, Errors& errors) {
  unfold_each(modifier, state, errors, [&](const FieldValue& value, std::size_t) {
    std::optional<std::vector<SigmaString>> texts(std::in_place);
    const auto text = encodable(modifier, value, errors);
    if (!text) return texts;
    for (const std::string& offset : base64_offsets(*text)) {
      if (!offset.empty()) texts->push_back(literal(offset));
    }
    if (texts->size() < 3) {
      errors.push_back({"modifier-value", value.written.at, "a value for `base64offset` needs two bytes or more",
                        "a shorter one has nothing of its own in Base64"});
    }
    return texts;
  });
}

void fill_in(const Modifier& modifier, const Lists& lists, ItemState& state, Errors& errors) {
  unfold_each(modifier, state, errors, [&](const FieldValue& value, std::size_t most) {
    const auto parts = split_placeholders(value.text);
    bool known = true;
    for (const PlaceholderPart& part : parts) {
      if (!part.placeholder) continue;
      const std::string name = plain_text(part.text);
      const auto list = lists.find(name);
      if (list != lists.end() && !list->second.empty()) continue;
      known = false;
      errors.push_back({"missing-list", value.written.at,
                        "the placeholder `%" + name + "%` has " +
                            (list == lists.end() ? "no list of values" : "an empty list of values"),
                        "put the values, one a line, into `" + name + ".txt` in a folder and give it with --lists"});
    }
    return known ? fill_placeholders(parts, lists, most) : std::optional(std::vector<SigmaString>());
  });
}

void set_flag(const Modifier& modifier, const Lists&, ItemState& state, Errors&) {
  // The long names are pySigma's.
  state.regex_flags += modifier.name == "ignorecase" ? 'i' : modifier.name == "dotall" ? 's' : modifier.name[0];
}

template <engine::Comparison kComparison>
void set_comparison(const Modifier&, const Lists&, ItemState& state, Errors&) {
  state.comparison = kComparison;
}

template <engine::TimePart kPart, int kFirst, int kLast>
void set_time_part(const Modifier& modifier, const Lists&, ItemState& state, Errors& errors) {
  state.time_part = kPart;
  change_each(state, [&](FieldValue& value) {
    const double number = std::strtod(value.written.text.c_str(), nullptr);
    if (number >= kFirst && number <= kLast && number == std::floor(number)) return;
    errors.push_back({"bad-number", value.written.at,
                      "`" + std::string(modifier.name) + "` is never " + value.written.text,
                      "write a whole number from " + std::to_string(kFirst) + " to " + std::to_string(kLast)});
  });
}

constexpr std::uint16_t kPlain = kWritten | kExpanded | kText;
using enum engine::Comparison;
using enum engine::TimePart;

// clang-format off
constexpr Modifier kModifiers[] = {
    // name, after, keeps, gives, values, keywords, apply
    {"contains", kPlain | kFieldName, kFieldName, kWildcard, kTexts, true, &put_wildcards<How::kContains>,
     "the value stands anywhere in the field", "Generic Modifiers"},
    {"startswith", kPlain | kFieldName, kFieldName, kWildcard, kTexts, false, &put_wildcards<How::kStartsWith>,
     "the field begins with the value", "Generic Modifiers"},
    {"endswith", kPlain | kFieldName, kFieldName, kWildcard, kTexts, false, &put_wildcards<How::kEndsWith>,
     "the field ends with the value", "Generic Modifiers"},
    {"all", kAnyForm & ~kExistence, kAnyForm, kWritten, kAnyValue, true, &link_all,
     "all values of the list, instead of any of them", "Generic Modifiers"},
    {"exists", kWritten, 0, kExistence, kBool, false, &keep_values,
     "the field is there (`true`), null included, or is not (`false`)", "Generic Modifiers"},
    {"cased", kPlain | kWildcard | kFieldName, kText | kWildcard | kFieldName, kText, kTexts, true, &respect_case,
     "letter case matters", "Generic Modifiers"},
    {"neq", kAnyForm & ~kExistence, kAnyForm, kWritten, kAnyValue, false, &negate,
     "the field has a value that is not null, and none of its values passes", "Generic Modifiers"},
    {"windash", kPlain | kWildcard, kText | kWildcard, kText, kTexts, true, &vary_dashes,
     "an option's `-` or `/` may also be the other, or one of three longer dashes", "String Modifiers"},
    {"re", kWritten, 0, kRegex, kTexts, true, &keep_values,
     "RE2 finds the expression somewhere in the field; letter case matters", "Regular Expression"},
    {"i", kRegex, kRegex, kRegex, kTexts, true, &set_flag, "letter case does not matter", "Regular Expression"},
    {"m", kRegex, kRegex, kRegex, kTexts, true, &set_flag, "`^` and `$` match at each line", "Regular Expression"},
    {"s", kRegex, kRegex, kRegex, kTexts, true, &set_flag, "`.` matches a line's end too", "Regular Expression"},
    {"ignorecase", kRegex, kRegex, kRegex, kTexts, true, &set_flag, "pySigma's name of `i`", "none"},
    {"multiline", kRegex, kRegex, kRegex, kTexts, true, &set_flag, "pySigma's name of `m`", "none"},
    {"dotall", kRegex, kRegex, kRegex, kTexts, true, &set_flag, "pySigma's name of `s`", "none"},
    {"base64", kPlain | kUtf16, 0, kText, kTexts, true, &encode_base64, "the value in Base64", "Encoding"},
    {"base64offset", kPlain | kUtf16, 0, kText, kTexts, true, &encode_base64_offsets,
     "the three texts of which one is in the Base64 of any text that holds the value", "Encoding"},
    {"utf16", kPlain, 0, kUtf16, kTexts, true, &encode_utf16<Utf16::kWithMark>,
     "the value in UTF-16 with a byte order mark (FF FE), for Base64", "Encoding"},
    {"utf16le", kPlain, 0, kUtf16, kTexts, true, &encode_utf16<Utf16::kLittleEndian>,
     "the value in UTF-16, low bytes first, for Base64", "Encoding"},
    {"utf16be", kPlain, 0, kUtf16, kTexts, true, &encode_utf16<Utf16::kBigEndian>,
     "the value in UTF-16, high bytes first, for Base64", "Encoding"},
    {"wide", kPlain, 0, kUtf16, kTexts, true, &encode_utf16<Utf16::kLittleEndian>, "another name of `utf16le`",
     "Encoding"},
    {"lt", kWritten | kTimePart, 0, kComparison, kNumber, false, &set_comparison<kLt>, "the field is less",
     "Numeric Modifiers"},
    {"lte", kWritten | kTimePart, 0, kComparison, kNumber, false, &set_comparison<kLte>, "the field is less or equal",
     "Numeric Modifiers"},
    {"gt", kWritten | kTimePart, 0, kComparison, kNumber, false, &set_comparison<kGt>, "the field is greater",
     "Numeric Modifiers"},
    {"gte", kWritten | kTimePart, 0, kComparison, kNumber, false, &set_comparison<kGte>,
     "the field is greater or equal", "Numeric Modifiers"},
    {"minute", kWritten, 0, kTimePart, kNumber, false, &set_time_part<kMinute, 0, 59>,
     "the minute of a time", "Time Modifiers"},
    {"hour", kWritten, 0, kTimePart, kNumber, false, &set_time_part<kHour, 0, 23>,
     "the hour of a time, in UTC", "Time Modifiers"},
    {"day", kWritten, 0, kTimePart, kNumber, false, &set_time_part<kDay, 1, 31>,
     "the day of a time's month", "Time Modifiers"},
    {"week", kWritten, 0, kTimePart, kNumber, false, &set_time_part<kWeek, 1, 53>,
     "the week of a time's year, as ISO 8601 counts them", "Time Modifiers"},
    {"month", kWritten, 0, kTimePart, kNumber, false, &set_time_part<kMonth, 1, 12>,
     "the month of a time's year", "Time Modifiers"},
    {"year", kWritten, 0, kTimePart, kNumber, false, &set_time_part<kYear, 0, 9999>,
     "the year of a time", "Time Modifiers"},
    {"cidr", kWritten | kExpanded, 0, kNetwork, kString, false, &keep_values,
     "the field is an address inside the network", "IP (Internet Protocol) Modifiers"},
    {"expand", kWritten | kText | kWildcard, kText | kWildcard, kExpanded, kTexts, true, &fill_in,
     "`%name%` stands for each value of the list `name`", "Specific Modifiers"},
    {"fieldref", kWritten | kExpanded, 0, kFieldName, kString, false, &keep_values,
     "the value is the name of another field of the record", "Specific Modifiers"},
};
// clang-format on

}  // namespace

std::span<const Modifier> modifiers() { return kModifiers; }

}  // namespace tripline::rules
