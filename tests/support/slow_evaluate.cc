#include "tests/support/slow_evaluate.h"

#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <optional>
#include <set>

#include <re2/re2.h>

namespace tripline::tests {

using engine::Comparison;
using engine::Pattern;
using Type = Json::Type;

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && isxdigit(text[i + 1]) && isxdigit(text[i + 2])) {
      out += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// The document inside a string: an object or array, plain or URL-encoded.
std::optional<Json> document_in(const std::string& text) {
  std::string document = text;
  document.erase(0, document.find_first_not_of(" \t\r\n"));
  if (document.rfind("%7", 0) == 0 || document.rfind("%5", 0) == 0) document = percent_decoded(document);
  if (document.empty() || (document[0] != '{' && document[0] != '[') || !is_json(document)) return std::nullopt;
  return parse_json(document);
}

bool is_container(const Json& json) { return json.type == Type::kObject || json.type == Type::kArray; }
bool is_scalar(const Json& json) { return !is_container(json) && json.type != Type::kNull; }
std::string text_of(const Json& json) { return is_container(json) ? compact(json) : json.text; }

void collect(const Json& json, const std::vector<std::string>& steps, std::vector<Json>& out) {
  if (steps.empty()) {
    out.push_back(json);
    if (json.type != Type::kArray) return;
    for (const auto& item : json.items) {
      if (!is_container(item)) out.push_back(item);
    }
    return;
  }
  if (json.type == Type::kArray) {
    for (const auto& item : json.items) collect(item, steps, out);
  } else if (json.type == Type::kString) {
    if (const auto document = document_in(json.text)) collect(*document, steps, out);
  } else if (json.type == Type::kObject) {
    for (std::size_t used = steps.size(); used > 0; --used) {
      std::string key = steps[0];
      for (std::size_t i = 1; i < used; ++i) key += '.' + steps[i];
      for (const auto& [name, value] : json.members) {
        if (name != key) continue;
        collect(value, {steps.begin() + static_cast<std::ptrdiff_t>(used), steps.end()}, out);
        return;
      }
    }
  }
}

/// Tries everything, a character after another.
bool like(const std::vector<Pattern::Part>& parts, std::size_t part, const std::string& text, std::size_t at) {
  if (part == parts.size()) return at == text.size();
  const auto width = [&](std::size_t i) {
    std::size_t bytes = 1;
    while (i + bytes < text.size() && (static_cast<unsigned char>(text[i + bytes]) & 0xc0) == 0x80) ++bytes;
    return bytes;
  };
  switch (parts[part].kind) {
    case Pattern::Part::Kind::kText:
      return text.compare(at, parts[part].text.size(), parts[part].text) == 0 &&
             like(parts, part + 1, text, at + parts[part].text.size());
    case Pattern::Part::Kind::kOne:
      return at < text.size() && like(parts, part + 1, text, at + width(at));
    case Pattern::Part::Kind::kMany:
      for (std::size_t i = at; i < text.size(); i += width(i)) {
        if (like(parts, part + 1, text, i)) return true;
      }
      return like(parts, part + 1, text, text.size());
  }
  return false;
}

bool matches(const Pattern& pattern, const std::string& text, bool anywhere = false) {
  auto parts = pattern.parts();
  if (anywhere) {
    parts.insert(parts.begin(), {Pattern::Part::Kind::kMany, ""});
    parts.push_back({Pattern::Part::Kind::kMany, ""});
  }
  if (pattern.cased()) return like(parts, 0, text, 0);
  for (auto& part : parts) part.text = lower(part.text);
  return like(parts, 0, lower(text), 0);
}

/// Calls `visit` for each key and scalar's text at any depth.
void each_text(const Json& json, const std::function<void(const std::string&)>& visit) {
  for (const auto& [key, value] : json.members) {
    visit(key);
    each_text(value, visit);
  }
  for (const auto& item : json.items) each_text(item, visit);
  if (is_scalar(json)) visit(json.text);
  if (json.type == Type::kString && json.text[0] == '%') visit(percent_decoded(json.text));
}

bool compare(double value, Comparison comparison, double bound) {
  return comparison == Comparison::kEq    ? value == bound
         : comparison == Comparison::kLt  ? value < bound
         : comparison == Comparison::kLte ? value <= bound
         : comparison == Comparison::kGt  ? value > bound
                                          : value >= bound;
}

std::optional<double> number_in(const Json& json) {
  if (json.type != Type::kNumber && json.type != Type::kString) return std::nullopt;
  if (!RE2::FullMatch(json.text, R"(-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?)")) return std::nullopt;
  return std::strtod(json.text.c_str(), nullptr);
}

/// An address as 128 letters 0 and 1; IPv4 behind its prefix of zeros and ones.
std::optional<std::string> bits_of(const std::string& text) {
  unsigned char bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
  if (inet_pton(AF_INET, text.c_str(), bytes + 12) != 1 && inet_pton(AF_INET6, text.c_str(), bytes) != 1) {
    return std::nullopt;
  }
  std::string bits;
  for (int i = 0; i < 128; ++i) bits += bytes[i / 8] & (128 >> i % 8) ? '1' : '0';
  return bits;
}

bool in_network(const engine::Network& network, const std::string& address) {
  char text[64];
  inet_ntop(AF_INET6, network.address.data(), text, sizeof text);
  const auto bits = bits_of(address);
  const auto prefix = static_cast<std::size_t>(network.prefix_bits);
  const bool ipv4 = bits && bits->substr(0, 96) == std::string(80, '0') + std::string(16, '1');
  return bits && !(ipv4 && prefix < 96) && bits->substr(0, prefix) == bits_of(text)->substr(0, prefix);
}

/// By the C library; times as `2026-01-15T10:11:12Z` only.
std::optional<int> time_part(const std::string& text, engine::TimePart part) {
  std::tm time{};
  char z = 0, rest = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c%c", &time.tm_year, &time.tm_mon, &time.tm_mday,
                  &time.tm_hour, &time.tm_min, &time.tm_sec, &z, &rest) != 7 ||
      z != 'Z') {
    return std::nullopt;
  }
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  const std::time_t seconds = timegm(&time);
  gmtime_r(&seconds, &time);
  constexpr const char* kFormats[] = {"%M", "%H", "%d", "%V", "%m", "%Y"};
  char out[16];
  std::strftime(out, sizeof out, kFormats[static_cast<int>(part)], &time);
  return std::atoi(out);
}

/// A test of one value, or of the whole field.
struct Slow {
  const engine::FieldTable& fields;
  const Json& record;
  std::vector<Json> values;
  bool anywhere = false;  // no field: keywords

  bool some(const std::function<bool(const Json&)>& passes) const {
    for (const auto& value : values) {
      if (value.type != Type::kNull && passes(value)) return true;
    }
    return false;
  }

  bool operator()(const engine::TextTest& test) const {
    return some([&](const Json& value) {
      for (const auto& pattern : test.any) {
        const bool sees = is_scalar(value) || pattern.kind() != Pattern::Kind::kExact;
        if (sees && matches(pattern, text_of(value))) return true;
      }
      return false;
    });
  }
  bool operator()(const engine::NumberTest& test) const {
    return some([&](const Json& value) {
      if (value.type == Type::kNumber) {
        for (const double number : test.numbers) {
          if (std::strtod(value.text.c_str(), nullptr) == number) return true;
        }
        return false;
      }
      for (const auto& text : test.texts) {
        if (is_scalar(value) && lower(value.text) == lower(text)) return true;
      }
      return false;
    });
  }
  bool operator()(const engine::RegexTest& test) const {
    if (anywhere) {
      bool found = false;
      each_text(record, [&](const std::string& text) { found = found || RE2::PartialMatch(text, *test.compiled); });
      return found;
    }
    return some([&](const Json& value) { return RE2::PartialMatch(text_of(value), *test.compiled); });
  }
  bool operator()(const engine::CidrTest& test) const {
    return some([&](const Json& value) {
      for (const auto& network : test.any) {
        if (value.type == Type::kString && in_network(network, value.text)) return true;
      }
      return false;
    });
  }
  bool operator()(const engine::CompareTest& test) const {
    return some([&](const Json& value) {
      const auto number = number_in(value);
      return number && compare(*number, test.comparison, test.number);
    });
  }
  bool operator()(const engine::TimePartTest& test) const {
    return some([&](const Json& value) {
      const auto part = value.type == Type::kString ? time_part(value.text, test.part) : std::nullopt;
      return part && compare(*part, test.comparison, test.number);
    });
  }
  bool operator()(const engine::NullTest&) const {
    for (const auto& value : values) {
      if (value.type != Type::kNull) return false;
    }
    return true;
  }
  bool operator()(const engine::ExistsTest&) const { return !values.empty(); }
  bool operator()(const engine::FieldRefTest& test) const {
    using How = engine::FieldRefTest::How;
    const auto others = slow_values(record, fields[test.other].path);
    return some([&](const Json& value) {
      for (const auto& other : others) {
        if (!is_scalar(other)) continue;
        if (test.how == How::kEquals && !is_scalar(value)) continue;
        const std::string text = test.cased ? text_of(value) : lower(text_of(value));
        const std::string wanted = test.cased ? other.text : lower(other.text);
        const bool numbers = value.type == Type::kNumber && other.type == Type::kNumber;
        const bool related = test.how == How::kEquals ? numbers ? std::stod(text) == std::stod(wanted) : text == wanted
                             : test.how == How::kContains   ? text.find(wanted) != std::string::npos
                             : test.how == How::kStartsWith ? text.starts_with(wanted)
                                                            : text.ends_with(wanted);
        if (related) return true;
      }
      return false;
    });
  }
  bool operator()(const engine::KeywordTest& test) const {
    bool found = false;
    each_text(record, [&](const std::string& text) {
      for (const auto& pattern : test.any) found = found || matches(pattern, text, true);
    });
    return found;
  }
};

}  // namespace

std::vector<Json> slow_values(const Json& record, std::string_view path) {
  std::vector<std::string> steps(1);
  for (const char c : path) {
    if (c == '.') {
      steps.emplace_back();
    } else {
      steps.back() += c;
    }
  }
  std::vector<Json> out;
  collect(record, steps, out);
  return out;
}

bool slow_evaluate(const engine::Predicate& predicate, const engine::FieldTable& fields, const Json& record) {
  Slow slow{fields, record, {}, predicate.field == engine::kNoField};
  if (!slow.anywhere) slow.values = slow_values(record, fields[predicate.field].path);
  return std::visit(slow, predicate.test);
}

bool slow_holds(const engine::Expression& expression, const engine::RuleSet& rules, const Json& record) {
  using Kind = engine::Expression::Kind;
  std::set<bool> answers;
  for (const auto& child : expression.children) answers.insert(slow_holds(child, rules, record));
  switch (expression.kind) {
    case Kind::kTrue:
      return true;
    case Kind::kFalse:
      return false;
    case Kind::kPredicate:
      return slow_evaluate(rules.predicates[expression.predicate], rules.fields, record);
    case Kind::kNot:
      return !answers.contains(true);
    case Kind::kAnd:
      return !answers.contains(false);
    case Kind::kOr:
      return answers.contains(true);
  }
  return false;
}

bool slow_holds(const engine::NeededLiteral& literal, const engine::FieldTable& fields, const Json& record) {
  using Kind = engine::NeededLiteral::Kind;
  bool found = false;
  if (literal.field == engine::kNoField) {
    each_text(record,
              [&](const std::string& text) { found = found || lower(text).find(literal.text) != std::string::npos; });
    return found;
  }
  for (const auto& value : slow_values(record, fields[literal.field].path)) {
    if (value.type == Type::kNull) continue;
    const std::string text = lower(text_of(value));
    if (literal.kind == Kind::kContains) found = found || text.find(literal.text) != std::string::npos;
    if (literal.kind == Kind::kEquals) found = found || (is_scalar(value) && text == literal.text);
    if (literal.kind == Kind::kNumber) {
      found = found || (value.type == Type::kNumber && std::stod(text) == std::stod(literal.text));
    }
  }
  return found;
}

}  // namespace tripline::tests
