#include "rules/support_table.h"

#include "rules/modifiers.h"

namespace tripline::rules {
namespace {

constexpr SupportedForm kValues[] = {
    {"text", "f: Alice", "equal, ASCII letter case aside"},
    {"wildcards", "f: 'Create*User?'", "`*` is any text, `?` one character"},
    {"escapes", R"(f: 'C:\\\*.exe')", R"(`\*`, `\?` and `\\` stand for the character; any other backslash for itself)"},
    {"list", "f: [a, b]", "any of the values; texts, numbers and booleans may be mixed"},
    {"number", "f: 443", "numerically equal (0 is 0.0); a text in the record is equal when it is written the same"},
    {"unquoted text", "f: No", "plain YAML that is no number, `true`, `false` or `null` is text: `No`, `012345678901`"},
    {"boolean", "f: true", "the boolean, or the text `true`"},
    {"null", "f: null", "the field is missing, or has nulls alone"},
    {"empty text", "f: ''", "an empty text; never a missing field"},
    {"`*` alone", "f: '*'", "some value that is not null"},
    {"list of maps", "- f: a\n- g: b", "any of the maps; a map is all of its items"},
    {"keywords", "- mimikatz\n- 'a*b'", "found in some key or value at any depth; never across two"},
    {"all keywords", "'|all': [a, b]", "each of them is found"},
    {"an expression as keyword", "'|re': 'mimi[kc]atz'", "found in some key or value"},
};

constexpr SupportedForm kChains[] = {
    {"contains, all", "f|contains|all: [a, b]", "every value stands in the field"},
    {"contains, windash", "f|contains|windash: ' -enc'", "with any of the five dashes"},
    {"contains, windash, all", "f|contains|windash|all: [' -a', ' -b']", "every option, with any dash each"},
    {"contains, cased", "f|contains|cased: Admin", "letter case matters; `cased|contains` is the same"},
    {"base64offset, contains", "f|base64offset|contains: secret", "at whatever place inside the encoded text"},
    {"wide, base64offset, contains", "f|wide|base64offset|contains: ping", "the same for text in UTF-16"},
    {"utf16, base64", "f|utf16|base64: cmd", "also `utf16le` and `utf16be`"},
    {"re, flags", "f|re|i|m|s: '^a.*b$'", "one flag or several, in any order"},
    {"part of a time, comparison", "f|hour|gte: 22", "each of `minute` to `year` with each of `lt` to `gte`"},
    {"fieldref, relation", "f|fieldref|endswith: g", "also `contains`, `startswith`, `cased` and `neq`"},
    {"expand, contains", "f|expand|contains: '%admins%'", "`contains|expand` is the same"},
    {"expand, cidr", "f|expand|cidr: '%networks%'", "the list holds networks"},
    {"anything, neq", "f|contains|neq: [a, b]", "the field has a value, and none of its values contains a or b"},
};

constexpr SupportedForm kConditions[] = {
    {"name", "selection", "the search holds"},
    {"and, or, not", "selection and not filter_a or selection_a", "from loose to tight: or, and, not; any letter case"},
    {"parentheses", "selection and not (filter_a or filter_b)", "nested up to 64 deep"},
    {"1 of pattern", "1 of selection*", "some search whose name fits; `any of` is the same"},
    {"all of pattern", "selection and not all of filter_*", "every search whose name fits"},
    {"1 of them", "1 of them", "some search whose name does not begin with `_`"},
    {"all of them", "all of them", "every search whose name does not begin with `_`"},
    {"hidden searches", "selection and 1 of _*", "a pattern that begins with `_` finds those that do"},
};

constexpr RefusedForm kRefusedValues[] = {
    {"a modifier that Sigma does not have", "f|contain: a", "unknown-modifier", "the hint names the nearest one"},
    {"an order without meaning", "f|contains|wide|base64offset: a", "modifier-order",
     "the hint shows an order that has one"},
    {"a value of the wrong kind", "f|exists: 1", "modifier-value", "the hint says what to write"},
    {"`all` on one value", "f|contains|all: a", "all-on-one-value", "leave out `all`"},
    {"null in a list", "f: [a, null]", "null-in-list", "a search of its own with `f: null`"},
    {"text where a number must be", "f|gt: '5'", "bad-number", "a number without quotes"},
    {"a network with bits after its prefix", "f|cidr: 10.0.0.1/8", "bad-cidr", "`10.0.0.0/8`"},
    {"a placeholder without a list", "f|expand: '%servers%'", "missing-list",
     "a file `servers.txt` in the folder given by `--lists`"},
    {"lookahead and lookbehind", "f|re: 'a(?!b)'", "regex-unsupported", "a search of its own and `and not`"},
    {"backreferences", R"(f|re: '(a)\1')", "regex-unsupported", "the texts spelt out"},
    {"what would unfold without end", "f|windash: '-a -b -c -d -e -f -g -h'", "rule-too-large",
     "shorter values, or several rules"},
};

constexpr RefusedForm kRefusedConditions[] = {
    {"aggregation", "selection | count() by f > 5", "old-aggregation",
     "a correlation of type event_count or value_count"},
    {"near", "selection | near filter_a", "old-aggregation", "a correlation of type temporal"},
    {"N of", "2 of selection*", "condition-syntax", "the combinations spelt out"},
    {"a pattern without `of`", "selection*", "condition-syntax", "`1 of selection*` or `all of selection*`"},
    {"a search that is not there", "slection", "unknown-search", "the hint names the nearest one"},
    {"a pattern that finds no search", "1 of zzz_*", "unknown-search", "the hint lists the searches"},
    {"what can never hold", "selection and not selection", "never-matches", "nothing: the rule is wrong"},
};

constexpr SupportedForm kCorrelations[] = {
    {"a range", "type: event_count\nrules: a\ntimespan: 5m\ncondition: {gt: 10, lte: 20}",
     "all of gt, gte, lt, lte, eq and neq that are given hold"},
    {"silence", "type: event_count\nrules: a\ntimespan: 1d\ncondition: {lt: 1}",
     "what 0 satisfies looks ahead: nothing followed within the timespan"},
    {"groups", "type: event_count\nrules: [a, b]\ngroup-by: [actor.principal]\ntimespan: 1h\ncondition: {gte: 5}",
     "each tuple of values by itself; without `group-by` all events are one group"},
    {"several fields",
     "type: value_count\nrules: a\ntimespan: 1w\ncondition: {field: [eventSource, eventName], gte: 5}",
     "tuples are counted; of value_count and new_value"},
    {"aliases",
     "type: temporal\nrules: [a, b]\ngroup-by: [ip]\ntimespan: 10s\naliases: {ip: {a: source.ip, b: destination.ip}}",
     "which field of which rule a name stands for"},
    {"some of the rules", "type: temporal\nrules: [a, b, c]\ntimespan: 5m\ncondition: {gte: 2}",
     "as many different ones"},
    {"what did not happen", "type: temporal\nrules: [a, b]\ntimespan: 5m\ncondition: a and not b",
     "no b of the group within the timespan before or after"},
    {"patterns over names", "type: temporal\nrules: [login_a, login_b, c]\ntimespan: 5m\ncondition: 1 of login_* and c",
     "as in detections, also `all of` and `them`"},
    {"generate", "type: event_count\nrules: a\ntimespan: 5m\ncondition: {gte: 5}\ngenerate: true",
     "the rules keep opening signals of their own; also read at the document's top"},
    {"months and years", "type: event_count\nrules: a\ntimespan: 1M\ncondition: {gte: 5}",
     "their mean length, with a warning; s, m, h, d and w are exact"},
};

constexpr RefusedForm kRefusedCorrelations[] = {
    {"a rule twice", "type: temporal\nrules: [a, A]\ntimespan: 5m", "rule-named-twice", "each rule once"},
    {"what holds without an event", "type: temporal\nrules: [a, b]\ntimespan: 5m\ncondition: not a or b",
     "correlation-no-positive", "`not` beside a rule that must match"},
    {"what every number satisfies", "type: event_count\nrules: a\ntimespan: 5m\ncondition: {gte: 0}",
     "correlation-condition", "a number above 0"},
    {"order under a condition", "type: temporal_ordered\nrules: [a, b]\ntimespan: 5m\ncondition: a and b",
     "correlation-condition", "a chain of correlations"},
    {"new values of less than a day", "type: new_value\nrules: a\ntimespan: 1h\ncondition: {field: awsRegion}",
     "bad-timespan", "a longer timespan: it is how long a value is remembered"},
    {"old spellings", "type: event_count\nrules: a\ntimeframe: 5m\ncondition: {gte: 5}", "misspelt-attribute",
     "`timespan`"},
};

std::string escaped(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? "\\|" : c == '\n' ? "; " : std::string(1, c);
  return cell;
}

std::string code(std::string_view text) { return "`" + escaped(text) + "`"; }

std::string row(std::initializer_list<std::string> cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string table_of(std::span<const SupportedForm> forms) {
  std::string table = row({"form", "example", "meaning"}) + "|---|---|---|\n";
  for (const SupportedForm& form : forms) {
    table += row({escaped(form.form), code(form.example), escaped(form.meaning)});
  }
  return table + "\n";
}

std::string table_of(std::span<const RefusedForm> forms) {
  std::string table = row({"refused", "example", "code", "instead"}) + "|---|---|---|---|\n";
  for (const RefusedForm& form : forms) {
    table += row({escaped(form.form), code(form.example), code(form.code), escaped(form.instead)});
  }
  return table + "\n";
}

std::string kinds(std::uint8_t values) {
  switch (values) {
    case kString:
      return "text";
    case kNumber:
      return "numbers";
    case kBool:
      return "true, false";
    case kTexts:
      return "text, numbers, booleans";
    default:
      return "any";
  }
}

struct FormName {
  Form form;
  std::string_view name;
};
constexpr FormName kFormNames[] = {
    {kWritten, "the value as written"},
    {kExpanded, "`expand`ed text"},
    {kText, "changed text"},
    {kWildcard, "text with wildcards around it"},
    {kUtf16, "UTF-16"},
    {kRegex, "an expression"},
    {kNetwork, "a network"},
    {kTimePart, "a part of a time"},
    {kComparison, "a comparison"},
    {kFieldName, "a field's name"},
    {kExistence, "existence"},
};

std::string names_of(std::uint16_t forms) {
  if ((forms | kExistence) == kAnyForm) return "anything";
  std::string names;
  for (const FormName& row : kFormNames) {
    if ((forms & row.form) != 0) names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  return names;
}

/// What a modifier makes of those forms that it changes.
std::string result_of(const Modifier& modifier) {
  return (modifier.after & ~modifier.keeps) == 0 ? "the same" : names_of(modifier.gives);
}

}  // namespace

std::span<const SupportedForm> value_forms() { return kValues; }
std::span<const SupportedForm> chain_forms() { return kChains; }
std::span<const SupportedForm> condition_forms() { return kConditions; }
std::span<const RefusedForm> refused_values() { return kRefusedValues; }
std::span<const SupportedForm> correlation_forms() { return kCorrelations; }
std::span<const RefusedForm> refused_conditions() { return kRefusedConditions; }
std::span<const RefusedForm> refused_correlations() { return kRefusedCorrelations; }

std::string correlation_example(const CorrelationTypeRow& type) {
  return "type: " + std::string(type.name) + "\nrules: [a, b]\ntimespan: 1d\ncondition: " + std::string(type.condition);
}

std::string support_table() {
  std::string text =
      "# Sigma support\n"
      "\n"
      "Tripline reads the formats of the Sigma Specification 2.1.0. This page is written from the tables in the code\n"
      "(`rules/modifiers.cc`, `rules/correlation_type.h`, `rules/support_table.cc`) and a test compares the two and "
      "compiles\n"
      "every example. To write it anew: `REGENERATE=1 ./dev test`.\n"
      "\n"
      "A field is the set of values that its path reaches; a test holds when some value passes it, and `not` holds "
      "when\n"
      "none does. Letter case is folded for ASCII alone.\n"
      "\n"
      "## Values\n"
      "\n";
  text += table_of(value_forms());
  text +=
      "## Modifiers\n"
      "\n"
      "They apply from left to right: each must find a form that it works on. \"Keywords\" says which need no field.\n"
      "\n";
  text += row({"modifier", "meaning", "values", "works on", "gives", "keywords", "Sigma Modifiers 2.1.0"}) +
          "|---|---|---|---|---|---|---|\n";
  for (const Modifier& modifier : modifiers()) {
    text += row({code(modifier.name), std::string(modifier.effect), kinds(modifier.values), names_of(modifier.after),
                 result_of(modifier), modifier.keywords ? "yes" : "no", std::string(modifier.section)});
  }
  text += "\nChains of them:\n\n" + table_of(chain_forms());
  text += "## Conditions\n\n" + table_of(condition_forms());
  text +=
      "Several conditions in a list mean any of them. An unused search is a warning, and so is a condition that "
      "always\n"
      "holds.\n"
      "\n"
      "## Regular expressions\n"
      "\n"
      "`re` runs on RE2, in time linear in the text. Apart from what is refused below it reads what PCRE reads, with "
      "one\n"
      "difference: without `m`, `$` is the text's very end, and not the place before a last line feed too.\n"
      "\n";
  text += "## Correlations\n\n" + row({"type", "compares", "such as"}) + "|---|---|---|\n";
  for (const CorrelationTypeRow& type : kCorrelationTypes) {
    text += row({code(type.name), escaped(type.compares), code("condition: " + std::string(type.condition))});
  }
  text += "\n" + table_of(correlation_forms());
  text +=
      "Rules are named by `name`, by `id`, and with a warning by title; they may be correlations, up to chains of 8.\n"
      "[correlations.md](correlations.md) says when each triggers, and compares it with the specification.\n"
      "\n"
      "## What is refused\n"
      "\n"
      "Each with its code (docs/diagnostics.md), place and hint; the other rules still load.\n"
      "\n";
  text += table_of(refused_values());
  text += table_of(refused_conditions());
  text += table_of(refused_correlations());
  return text;
}

}  // namespace tripline::rules
