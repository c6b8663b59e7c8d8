#include "tests/support/random_rules.h"

#include <string_view>

#include <re2/re2.h>

#include "tests/support/patterns.h"

namespace tripline::tests {

using engine::Expression;
using engine::Pattern;

namespace {

constexpr std::string_view kWords[] = {
    "alpha",
    "Alpha",
    "ALPHABET",
    "beta",
    "al",
    "k",
    "mask",
    "maſK",
    "Kelvin",
    "\xe2\x84\xaa"
    "elvin",
    "é",
    "x",
    "",
    "ConsoleLogin",
    "consolelogin",
    "12",
    "0",
    "443",
    "true",
    "null",
    "10.1.2.3",
    "192.0.2.5",
    "2001:db8::1",
    "2026-01-15T10:11:12Z",
    "2027-01-03T23:59:59Z",
    "{}",
    "[]",
    "a*b",
    "C:\\Windows\\System32\\cmd.exe",
    "arn:aws:iam::123456789012:role/Administrator",
    "\t\"quoted\"\n",
};
constexpr std::string_view kNumbers[] = {"0", "0.0", "1", "12", "443", "-5", "0.5", "18446744073709551615", "2.5"};
constexpr std::string_view kPaths[] = {"a", "b", "c", "a.b", "a.c", "b.a", "a.b.c", "c.a", "eventName", "a.a"};
constexpr std::string_view kKeys[] = {"a", "b", "c", "a", "b", "a.b", "b.c", "A", "alpha", "eventName"};
constexpr std::string_view kNetworks[] = {"10.0.0.0/8", "192.0.2.4/30", "2001:db8::/32", "0.0.0.0/0", "::/0"};

}  // namespace

std::string RandomRules::word() { return std::string(kWords[below(std::size(kWords))]); }
std::string RandomRules::path() { return std::string(kPaths[below(std::size(kPaths))]); }

std::string RandomRules::text() {
  std::string out = word();
  while (below(3) == 0) out += (below(2) ? " " : "") + word();
  return out;
}

std::string RandomRules::json_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || (below(8) == 0 && static_cast<unsigned char>(c) < 0x80)) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string RandomRules::value(int depth) {
  switch (below(depth > 0 ? 10 : 7)) {
    case 0:
      return std::string(kNumbers[below(std::size(kNumbers))]);
    case 1:
      return below(2) ? "true" : "null";
    case 7:
    case 8:
      return object(depth - 1);
    case 9: {
      std::string out = "[";
      for (std::size_t i = below(4); i > 0; --i) out += value(depth - 1) + (i > 1 ? " ," : "");
      return out + "]";
    }
    case 6:
      if (depth == 0) return json_string(text());
      if (below(3) == 0) return json_string("%7B%22a%22%3A%22" + std::string(below(2) ? "alpha" : "x%20y") + "%22%7D");
      return json_string(object(depth - 1));
    default:
      return json_string(text());
  }
}

std::string RandomRules::object(int depth) {
  std::string out = "{";
  const std::string blank(below(2), ' ');
  for (std::size_t i = below(6); i > 0; --i) {
    out += json_string(std::string(kKeys[below(std::size(kKeys))])) + blank + ":" + blank + value(depth);
    if (i > 1) out += ",";
  }
  return out + "}";
}

std::string RandomRules::record() {
  constexpr std::string_view kCategories[] = {"", R"("eventCategory":"Data",)", R"("eventCategory":"Insight",)",
                                              R"("eventCategory":"Management",)",
                                              R"("eventCategory":"NetworkActivity",)"};
  const std::string rest = object(3).substr(1);
  return "{" + std::string(kCategories[below(std::size(kCategories))]) + "\"eventName\":" + value(0) +
         (rest == "}" ? "" : ",") + rest;
}

Pattern RandomRules::pattern() {
  using Part = Pattern::Part;
  std::vector<Part> parts;
  const auto wildcard = [&] {
    if (below(2)) parts.push_back({below(3) ? Part::Kind::kMany : Part::Kind::kOne, ""});
  };
  wildcard();
  for (std::size_t i = below(3); i > 0; --i) {
    std::string piece = word();
    if (below(3) == 0) piece.resize(piece.size() / 2);
    while (!piece.empty() && (static_cast<unsigned char>(piece.back()) & 0x80)) piece.pop_back();
    parts.push_back({Part::Kind::kText, piece});
    wildcard();
  }
  return Pattern(std::move(parts), below(4) == 0);
}

std::vector<Pattern> RandomRules::patterns() {
  std::vector<Pattern> out;
  const std::size_t count = below(10) == 0 ? 15 : 1 + below(3);
  const bool exact = below(2);
  while (out.size() < count) {
    out.push_back(exact ? Pattern({{Pattern::Part::Kind::kText, word()}}, below(4) == 0) : pattern());
  }
  return out;
}

std::string RandomRules::regex() {
  std::string out = below(3) == 0 ? "(?i)" : "";
  for (std::size_t i = 1 + below(3); i > 0; --i) {
    std::string piece = re2::RE2::QuoteMeta(word());
    switch (below(8)) {
      case 0:
        piece = "(" + piece + "|" + re2::RE2::QuoteMeta(word()) + ")";
        break;
      case 1:
        piece = "(" + piece + ")?";
        break;
      case 2:
        piece = (below(2) ? "[aAbk]" : below(2) ? "[k\xe2\x84\xaa]" : "[\\x{212a}k]") + piece;
        break;
      case 3:
        piece = "(?i:" + piece + ")";
        break;
      case 4:
        piece = ".*" + piece;
        break;
      case 5:
        piece = "(?:" + piece + "){1,2}";
        break;
      default:
        break;
    }
    out += piece;
  }
  if (below(6) == 0) out = "^" + out;
  if (below(6) == 0) out += "$";
  if (below(20) == 0) out += "|" + re2::RE2::QuoteMeta(word());
  return out;
}

engine::Predicate RandomRules::predicate(engine::RuleSet& rules) {
  using namespace engine;
  const FieldId field = rules.fields.intern(path());
  const auto comparison = static_cast<Comparison>(below(5));
  switch (below(14)) {
    case 0: {
      NumberTest test;
      for (std::size_t i = 1 + below(2); i > 0; --i) {
        test.texts.emplace_back(kNumbers[below(std::size(kNumbers))]);
        test.numbers.push_back(std::stod(test.texts.back()));
      }
      return {field, test};
    }
    case 1:
      return {below(6) ? field : kNoField, tests::regex(regex())};
    case 2: {
      CidrTest test;
      for (std::size_t i = 1 + below(2); i > 0; --i) {
        test.any.push_back(*parse_network(kNetworks[below(std::size(kNetworks))]));
      }
      return {field, test};
    }
    case 3:
      return {field, CompareTest{comparison, std::stod(std::string(kNumbers[below(std::size(kNumbers))]))}};
    case 4:
      return {field, TimePartTest{static_cast<TimePart>(below(6)), comparison, static_cast<double>(below(60))}};
    case 5:
      return {field, NullTest{}};
    case 6:
      return {field, ExistsTest{}};
    case 7:
      return {field,
              FieldRefTest{rules.fields.intern(path()), static_cast<FieldRefTest::How>(below(4)), below(2) == 0}};
    case 8:
      return {kNoField, KeywordTest{patterns()}};
    default:
      return {field, TextTest{patterns()}};
  }
}

Expression RandomRules::expression(engine::RuleSet& rules, int depth) {
  const std::size_t kind = below(depth > 0 ? 12 : 4);
  if (kind < 4) return Expression::of(rules.predicates.intern(predicate(rules)));
  if (kind == 4) return below(4) ? expression(rules, 0) : Expression::constant(below(2));
  if (kind == 5) return Expression::negate(expression(rules, depth - 1));
  std::vector<Expression> children;
  for (std::size_t i = below(6) ? 1 + below(3) : 0; i > 0; --i) children.push_back(expression(rules, depth - 1));
  return kind < 9 ? Expression::all(std::move(children)) : Expression::any(std::move(children));
}

std::shared_ptr<engine::RuleSet> RandomRules::rules(std::size_t detections) {
  auto rules = std::make_shared<engine::RuleSet>(false);
  while (rules->detections.size() < detections) {
    engine::Detection detection;
    detection.condition = expression(*rules, 3);
    if (below(4) == 0) detection.categories = static_cast<std::uint8_t>(below(16));
    rules->detections.push_back(std::move(detection));
  }
  return rules;
}

}  // namespace tripline::tests
