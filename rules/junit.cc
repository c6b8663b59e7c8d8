#include <map>
#include <vector>

#include "engine/utf8.h"
#include "rules/rule_test.h"

namespace tripline::rules {
namespace {

using Outcome = TestResult::Outcome;

/// Text as XML 1.0 can carry it: characters that it cannot hold at all are written as `\x1b`, or as U+FFFD.
std::string xml(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const bool utf8 = engine::is_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const auto three = text.substr(i, 3); three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
      out += "\xEF\xBF\xBD";
      i += 2;
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\t' || c == '\n' || c == '\r') {
      out += "&#" + std::to_string(byte) + ";";  // kept as it is in attributes too
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8)) {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(Outcome outcome) {
    ++tests;
    failures += outcome == Outcome::kFailed;
    errors += outcome == Outcome::kBroken;
    skipped += outcome == Outcome::kSkipped;
  }
  std::string attributes() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
           std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\"";
  }
};

struct Suite {
  Counts counts;
  std::string cases;
};

std::string outcome_element(const TestResult& result) {
  if (result.outcome == Outcome::kPassed) return "";
  const std::string name = result.outcome == Outcome::kFailed    ? "failure"
                           : result.outcome == Outcome::kSkipped ? "skipped"
                                                                 : "error";
  std::string out = "      <" + name + " message=\"" + xml(result.message) + "\">";
  for (const auto& line : result.details) out += "\n" + xml(line);
  return out + "</" + name + ">\n";
}

}  // namespace

std::string junit_xml(const TestReport& report) {
  Counts all;
  std::map<std::string, Suite> suites;  // by file
  const auto add = [&](const TestResult& result) {
    auto& suite = suites[result.at.path];
    all.add(result.outcome);
    suite.counts.add(result.outcome);
    suite.cases += "    <testcase classname=\"" + xml(result.rule) + "\" name=\"" + xml(result.name) + "\" file=\"" +
                   xml(result.at.path) + "\" line=\"" + std::to_string(result.at.line) + "\">\n" +
                   outcome_element(result) + "    </testcase>\n";
  };
  for (const auto& result : report.results) add(result);
  for (const auto& problem : report.problems.all()) {
    const auto place = std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column);
    add({problem.at,
         "(test file)",
         "line " + place,
         Outcome::kBroken,
         problem.message + (problem.hint.empty() ? "" : "; " + problem.hint),
         {}});
  }
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tripline\"" + all.attributes() + ">\n";
  for (const auto& [path, suite] : suites) {
    out += "  <testsuite name=\"" + xml(path) + "\"" + suite.counts.attributes() + ">\n" + suite.cases +
           "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace tripline::rules
