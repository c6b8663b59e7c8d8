#include "rules/diagnostic.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <tuple>
#include <utility>

#include "engine/text.h"

namespace tripline::rules {
namespace {

constexpr Severity kE = Severity::kError;
constexpr Severity kW = Severity::kWarning;

/// The one place to add a code. Grouped by what reports it; docs/diagnostics.md is
/// written from this table.
constexpr DiagnosticCode kCodes[] = {
    // Files and YAML
    {"unreadable-file", kE, "A file of rules, or of tests of rules, cannot be read."},
    {"not-utf8", kE, "A rule file is not UTF-8 text."},
    {"yaml-syntax", kE, "The file is not valid YAML."},
    {"yaml-mark", kE, "An unquoted value begins with `!` or `&`, which YAML takes for marks of its own."},
    {"yaml-bomb", kE, "The file is beyond a cap on size, nesting or expanded aliases."},
    {"duplicate-key", kE, "A map holds the same key twice, so one of the two would be lost."},
    {"collection-action", kE, "An `action:` is none of global, reset and repeat, or has nothing to repeat."},
    {"deprecated-collection", kW, "`action:` documents are an old form that the specification has dropped."},

    // Attributes of every document
    {"missing-attribute", kE, "An attribute that the specification requires is missing."},
    {"misspelt-attribute", kE, "An attribute looks like a slip of one that is known, and would be ignored."},
    {"misplaced-attribute", kE, "An attribute stands where it has no effect, and would be ignored."},
    {"mixed-document", kE, "A document is more than one of detection, correlation and filter."},
    {"unknown-attribute", kE, "A key is not known where no others are allowed."},
    {"wrong-type", kE, "A value is not of the type that its attribute takes."},
    {"bad-level", kE, "The level is none of informational, low, medium, high and critical."},
    {"bad-status", kE, "The status is none of stable, test, experimental, deprecated and unsupported."},
    {"bad-date", kW, "A date is not written as YYYY-MM-DD."},
    {"bad-id", kW, "The id is not a UUID, which other Sigma tools refuse."},
    {"missing-level", kW, "The rule names no level and is taken as medium."},
    {"unknown-taxonomy", kW, "The rule's taxonomy is not Sigma's own, so its field names may not be the log's."},
    {"bad-title", kE, "`tripline.title` is no template of text and fields that the rule can fill in."},
    {"bad-extension", kE, "A setting under `tripline:` has a value that it cannot take."},
    {"duplicate-id", kE, "Two rules have the same id; the second is left out."},
    {"duplicate-name", kE, "Two rules have the same name; the second is left out."},
    {"unfed-log-source", kW, "No known source of logs can feed the rule, so it can never match."},

    // Searches and conditions
    {"empty-search", kE, "A search holds nothing to search for."},
    {"empty-list", kE, "A field has a list without values, which nothing could match."},
    {"condition-syntax", kE, "The condition does not follow Sigma's grammar."},
    {"condition-too-deep", kE, "The condition is nested too deep."},
    {"old-aggregation", kE, "The condition uses `|` aggregation or `near`, which correlations have replaced."},
    {"timeframe-ignored", kW, "`timeframe` has no effect without the old aggregation that it belonged to."},
    {"unknown-search", kE, "The condition names a search that the detection does not have."},
    {"unused-search", kW, "A search is named by no condition."},
    {"never-matches", kE, "The condition can never hold."},
    {"rule-too-large", kE, "A rule's condition, placeholders or dashes unfold into more tests than the limit."},
    {"always-matches", kW, "The condition holds on every event."},

    // Fields, modifiers and values
    {"unknown-modifier", kE, "A field has a modifier that Sigma does not know."},
    {"modifier-order", kE, "Modifiers stand in an order, or together, in which they have no meaning."},
    {"keyword-modifier", kE, "A keyword has a modifier that needs a field."},
    {"modifier-value", kE, "A value is not of the kind that the field's modifiers work on."},
    {"all-on-one-value", kE, "`all` stands over a single value, where it says nothing."},
    {"null-in-list", kE, "A list of values holds null, which other values cannot stand beside."},
    {"regex-unsupported", kE, "A regular expression is not one that RE2 can run."},
    {"bad-cidr", kE, "A value of `cidr` is not a network."},
    {"bad-number", kE, "A value that must be a number is not one."},
    {"missing-list", kE, "A placeholder of `expand` has no list of values."},
    {"unreadable-list", kE, "A file of `expand` values cannot be read or is given twice."},

    // Filters
    {"filter-expires-soon", kW, "A filter ends within a week, and what it takes away will be seen again."},
    {"filter-expired", kW,
     "The day of a filter's `tripline.expires` has come, so that it takes nothing away any more."},
    {"filter-negates-nothing", kW, "A filter's condition negates nothing, so it keeps only what it names."},
    {"filter-unknown-rule", kW, "A filter names a rule that is not loaded."},
    {"filter-other-log-source", kW, "A filter names a rule of another log source, to which it does not apply."},
    {"filter-names-correlation", kE, "A filter names a correlation; only detections can be filtered."},

    // Correlations
    {"correlation-type", kE, "The correlation's type is not known."},
    {"correlation-condition", kE, "The correlation's condition is not one that its type can have."},
    {"correlation-no-positive", kE, "The correlation's condition can hold without any event."},
    {"bad-timespan", kE, "A time span is not a number with a unit of s, m, h, d or w."},
    {"inexact-timespan", kW, "Months and years differ in length; the span is taken as their mean length."},
    {"percentile-not-named", kW, "A value_percentile does not say which percentile, and is taken as the median."},
    {"bad-alias", kE, "An alias names a rule that the correlation does not refer to."},
    {"unused-alias", kW, "An alias is neither grouped by nor counted."},
    {"unknown-rule", kE, "A correlation refers to a rule that does not exist or did not load."},
    {"ambiguous-rule", kE, "A correlation refers to a rule by a title that several have."},
    {"title-reference", kW, "A correlation refers to a rule by its title instead of its name or id."},
    {"rule-named-twice", kE, "A correlation refers to the same rule twice."},
    {"correlation-cycle", kE, "Correlations refer to each other in a circle."},
    {"correlation-too-deep", kE, "A chain of correlations is too long."},
    {"silenced-rule", kW, "A correlation in another file keeps a rule from opening signals by itself."},

    // Lint: what compiles, and is hardly what its author means
    {"field-case", kW, "A field is written in other letter case than CloudTrail writes it."},
    {"unknown-field", kW, "CloudTrail's records have no such field."},
    {"foreign-field", kW, "A field is called what another schema calls it."},
    {"unknown-event-name", kW, "No eventSource that the rule names has a call of that name."},
    {"undated-lambda-event", kW, "A call of Lambda is named without the date that its eventName carries."},
    {"only-access-denied", kW, "AccessDenied is only one of the ways in which services deny."},
    {"negated-network", kW, "A network is excluded from addresses that may be names of services, which lie in none."},
    {"mfa-of-federated", kW, "MFAUsed is tested without the type of identity; federated logins always say No."},
    {"text-as-boolean", kW, "A boolean is looked for where CloudTrail writes text."},
    {"impossible-value", kW, "A field is compared with a value that it never has."},
    {"network-as-text", kW, "A network stands where text is compared, without `cidr`."},
    {"field-in-keyword", kW, "A keyword looks like a field with its value, joined by `=` or `:`."},
    {"group-by-session", kW, "A group is formed by a field that differs in each session of the same actor."},
    {"broad", kW, "The rule can match whatever was called, on whatever, with whatever result."},
    {"not-indexable", kW, "Nothing in the condition must be in an event, so the rule makes every event be parsed."},

    // The configuration of a server
    {"config-value", kE, "A value of the configuration is not one that its key takes."},
    {"config-variable", kE, "The configuration names an environment variable that is not set."},
    {"config-secret", kE, "The file of a secret cannot be read, or holds none."},
    {"config-conflict", kE, "Keys of the configuration contradict one another, or one needs another."},
    {"config-exposed", kE, "The server would listen beyond loopback without any key or token."},
    {"config-denied-address", kW, "A sink leads to an address that requests are kept from."},
    {"config-missing-file", kW, "A file or folder that the configuration names is not there."},
    {"override-unmatched", kW, "An override matches no rule."},
    {"override-partial", kW, "An override cannot do to a rule that it matches what it says."},

    // Rule tests
    {"bad-test", kE, "A rule test file does not say what to run, on which event, or what to expect."},
};

const DiagnosticCode* find_code(std::string_view code) {
  const auto* found = std::find_if(std::begin(kCodes), std::end(kCodes), [&](const auto& c) { return c.code == code; });
  return found == std::end(kCodes) ? nullptr : found;
}

/// What stands in a rule may be of any length; of a sentence that repeats it, the middle is left out.
std::string fitted(std::string sentence) {
  constexpr std::size_t kMost = 400, kHead = 280, kTail = 100;
  if (sentence.size() <= kMost) return sentence;
  const auto inside_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(sentence[at]) & 0xC0) == 0x80;
  };
  std::size_t head = kHead, tail = sentence.size() - kTail;
  while (inside_character(head)) --head;
  while (tail < sentence.size() && inside_character(tail)) ++tail;
  return sentence.replace(head, tail - head, "…");
}

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() { return kCodes; }

void Diagnostics::add(std::string_view code, Position at, std::string message, std::string hint, std::string rule) {
  const DiagnosticCode* row = find_code(code);
  assert(row && "a code that is not in the table");
  if (!row) row = &kCodes[0];
  const bool is_yaml = hint.find('\n') != std::string::npos;  // to paste, so all of it
  all_.push_back({row, std::move(at), fitted(std::move(message)), is_yaml ? std::move(hint) : fitted(std::move(hint)),
                  std::move(rule)});
}

std::size_t Diagnostics::errors() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](const auto& d) { return d.code->severity == Severity::kError; }));
}

std::string Diagnostics::first_error() const {
  for (const auto& diagnostic : all_) {
    if (diagnostic.code->severity == Severity::kError) return diagnostic.message;
  }
  return "";
}

void Diagnostics::set_hint(std::string_view code, int line, const std::string& hint) {
  for (auto& diagnostic : all_) {
    if (diagnostic.code->code == code && diagnostic.at.line == line) diagnostic.hint = hint;
  }
}

void Diagnostics::append(Diagnostics other) {
  all_.insert(all_.end(), std::make_move_iterator(other.all_.begin()), std::make_move_iterator(other.all_.end()));
}

void Diagnostics::sort() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.path, a.at.line, a.at.column) < std::tie(b.at.path, b.at.line, b.at.column);
  });
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = engine::fold(a[i - 1]) == engine::fold(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && engine::fold(a[i - 1]) == engine::fold(b[j - 2]) &&
                           engine::fold(a[i - 2]) == engine::fold(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 64;  // no slip of a known word, and the table of edits stays small
  if (word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t fewest = 3;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    // Two edits of a short word make another word.
    const std::size_t allowed = std::min(word.size(), candidate.size()) <= 4 ? 1 : 2;
    const std::size_t edits = edit_distance(word, candidate);
    if (edits <= allowed && edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

}  // namespace tripline::rules
