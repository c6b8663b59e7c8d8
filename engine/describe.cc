#include <charconv>

#include "engine/predicate.h"

namespace tripline::engine {
namespace {

/// Of longer lists only the first items are shown, and how many there are.
constexpr std::size_t kShown = 8;

/// Bytes that would break the line or move a terminal's cursor are written as `\x0a`.
std::string quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '\'';
}

std::string written(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

/// `is 'a'`, `is one of 'a', 'b'`; a long list is cut.
std::string one_of(std::string_view verb, const std::vector<std::string>& items) {
  std::string out(verb);
  out += items.size() == 1 ? " " : " one of ";
  for (std::size_t i = 0; i < items.size() && i < kShown; ++i) {
    if (i > 0) out += ", ";
    out += items[i];
  }
  if (items.size() > kShown) out += ", … (" + std::to_string(items.size()) + " in all)";
  return out;
}

constexpr std::string_view verb_of(Pattern::Kind kind) {
  switch (kind) {
    case Pattern::Kind::kExact:
      return "is";
    case Pattern::Kind::kPrefix:
      return "starts with";
    case Pattern::Kind::kSuffix:
      return "ends with";
    case Pattern::Kind::kContains:
      return "contains";
    case Pattern::Kind::kAny:
      return "has a value";
    case Pattern::Kind::kGlob:
      return "is like";
  }
  return "";
}

/// Patterns of one kind stand together: `is one of 'a', 'b' or starts with 'c'`.
std::string patterns(const std::vector<Pattern>& list) {
  using Kind = Pattern::Kind;
  std::string out;
  for (const bool cased : {false, true}) {
    for (const Kind kind : {Kind::kExact, Kind::kPrefix, Kind::kSuffix, Kind::kContains, Kind::kGlob, Kind::kAny}) {
      std::vector<std::string> items;
      for (const auto& pattern : list) {
        if (pattern.kind() != kind || pattern.cased() != cased) continue;
        std::string text;
        for (const auto& part : pattern.parts()) text += part.text;
        items.push_back(quoted(kind == Kind::kGlob ? pattern.written() : text));
      }
      if (items.empty()) continue;
      if (!out.empty()) out += " or ";
      out += kind == Kind::kAny ? std::string(verb_of(kind)) : one_of(verb_of(kind), items);
      if (cased && kind != Kind::kAny) out += " (letter case counts)";
    }
  }
  return out.empty() ? "is one of nothing" : out;
}

constexpr std::string_view symbol_of(Comparison comparison) {
  constexpr std::string_view kSymbols[] = {"=", "<", "<=", ">", ">="};
  return kSymbols[static_cast<int>(comparison)];
}

struct Describer {
  const FieldTable& fields;
  const std::string& field;

  std::string operator()(const TextTest& test) const { return field + ' ' + patterns(test.any); }
  std::string operator()(const NumberTest& test) const {
    std::vector<std::string> items;
    for (const double number : test.numbers) items.push_back(written(number));
    return field + ' ' + one_of("is", items);
  }
  std::string operator()(const RegexTest& test) const { return subject() + " matches /" + test.pattern + '/'; }
  std::string operator()(const CidrTest& test) const {
    std::vector<std::string> items;
    for (const auto& network : test.any) items.push_back(format_network(network));
    return field + ' ' + one_of("is an address in", items);
  }
  std::string operator()(const CompareTest& test) const {
    return field + ' ' + std::string(symbol_of(test.comparison)) + ' ' + written(test.number);
  }
  std::string operator()(const TimePartTest& test) const {
    constexpr std::string_view kParts[] = {"minute", "hour", "day", "week", "month", "year"};
    return std::string(kParts[static_cast<int>(test.part)]) + " of " + field + ' ' +
           std::string(symbol_of(test.comparison)) + ' ' + written(test.number);
  }
  std::string operator()(const NullTest&) const { return field + " is missing or null"; }
  std::string operator()(const ExistsTest&) const { return field + " exists"; }
  std::string operator()(const FieldRefTest& test) const {
    constexpr std::string_view kVerbs[] = {"equals", "contains", "starts with", "ends with"};
    return field + ' ' + std::string(kVerbs[static_cast<int>(test.how)]) + " the value of " + fields[test.other].path +
           (test.cased ? " (letter case counts)" : "");
  }
  std::string operator()(const KeywordTest& test) const { return subject() + ' ' + inside(test.any); }

  /// The field, or what is looked into without one.
  std::string subject() const { return field.empty() ? "some key or value" : field; }

  /// Keywords are looked for inside, whatever their kind.
  static std::string inside(const std::vector<Pattern>& list) {
    std::vector<std::string> items;
    bool cased = false;
    for (const auto& pattern : list) {
      items.push_back(quoted(pattern.written()));
      cased = cased || pattern.cased();
    }
    return one_of("contains", items) + (cased ? " (letter case counts)" : "");
  }
};

}  // namespace

std::string describe(const Predicate& predicate, const FieldTable& fields) {
  static const std::string kNone;
  const std::string& field = predicate.field == kNoField ? kNone : fields[predicate.field].path;
  return std::visit(Describer{fields, field}, predicate.test);
}

}  // namespace tripline::engine
