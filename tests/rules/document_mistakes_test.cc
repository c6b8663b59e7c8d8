// What the reader of documents says of mistakes: where they are, and what to do.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "rules/document_reader.h"
#include "tests/support/diagnostics.h"
#include "tests/support/rule_text.h"

namespace tripline::rules {
namespace {

using tests::kHead;
using tests::rule_with;

FileDocuments read(std::string_view text) { return read_documents(text, "rule.yml"); }

struct Mistake {
  std::string_view code;
  std::string written;
  std::string said;
};

const std::vector<Mistake>& mistakes() {
  static const std::string good = rule_with("  s: {a: b}\n  condition: s\n");
  static const std::string body = "detection: {s: {a: b}, condition: s}\n";
  static const std::string source = "logsource: {product: aws, service: cloudtrail}\n";
  static const std::vector<Mistake> rows = {
      // The head
      {"missing-attribute", "level: low\n" + source + body,
       "1:1 missing-attribute: the document has no `title` | add a line `title: ...`\n"},
      {"missing-attribute", "title: T\nlevel: low\n" + body,
       "1:1 missing-attribute: the document has no `logsource` | for CloudTrail write `logsource: {product: aws, "
       "service: cloudtrail}`\n"},
      {"missing-attribute", "title: T\nlevel: low\nlogsource: {definition: x}\n" + body,
       "3:12 missing-attribute: `logsource` names neither product, service nor category | for CloudTrail write "
       "`logsource: {product: aws, service: cloudtrail}`\n"},
      {"missing-attribute", "title: T\nlevel: low\n" + source,
       "1:1 missing-attribute: the document has no `detection`, `correlation` or `filter` | add what the rule looks "
       "for "
       "under `detection:`\n"},
      {"misspelt-attribute", "title: T\nlevel: low\n" + source + "detections: {s: {a: b}, condition: s}\n",
       "4:1 misspelt-attribute: `detections` is no Sigma attribute | did you mean `detection`?\n"},
      {"misspelt-attribute", "title: T\nlevel: low\nlogsources: {product: aws}\n" + body,
       "3:1 misspelt-attribute: `logsources` is no Sigma attribute | did you mean `logsource`?\n"
       "1:1 missing-attribute: the document has no `logsource` | for CloudTrail write `logsource: {product: aws, "
       "service: cloudtrail}`\n"},
      {"misspelt-attribute", good + "falsepositive: [x]\n",
       "8:1 misspelt-attribute: `falsepositive` is no Sigma attribute | did you mean `falsepositives`?\n"},
      {"misspelt-attribute", good + "False_Positives: [x]\n",
       "8:1 misspelt-attribute: `False_Positives` is no Sigma attribute | did you mean `falsepositives`?\n"},
      {"misspelt-attribute", "title: T\nlevle: low\n" + source + body,
       "2:1 misspelt-attribute: `levle` is no Sigma attribute | did you mean `level`?\n"
       "1:1 missing-level: the rule has no `level` and is taken as medium | add `level: medium`, or what fits\n"},
      {"misspelt-attribute", "title: T\nlevel: low\nlogsource: {prodcut: aws, service: cloudtrail}\n" + body,
       "3:13 misspelt-attribute: `logsource` has no `prodcut` | did you mean `product`?\n"},
      {"misplaced-attribute", good + "timeframe: 5m\n",
       "8:1 misplaced-attribute: `timeframe` has no effect at the top of a document | it belongs into `correlation:`, "
       "as "
       "`timespan`\n"},
      {"misplaced-attribute", good + "group_by: [a]\n",
       "8:1 misplaced-attribute: `group_by` has no effect at the top of a document | it belongs into `correlation:`, "
       "as "
       "`group-by`\n"},
      {"misplaced-attribute", good + "condition: s\n",
       "8:1 misplaced-attribute: `condition` has no effect at the top of a document | it belongs into `detection:`, "
       "`filter:` or `correlation:`\n"},
      {"mixed-document", good + "filter: {s: {a: b}, condition: not s}\n",
       "1:1 mixed-document: a document is one of detection, correlation and filter | put a `---` line between them, "
       "and "
       "give each its own title\n"},
      {"wrong-type", good + "tags: {attack: t1}\n",
       "8:7 wrong-type: `tags` takes a text or a list of texts, not a map | write it behind the colon, or one a line "
       "behind `- `\n"},
      {"wrong-type", good + "references: [a, [b]]\n",
       "8:17 wrong-type: `references` takes a list of texts; this item is a list | quote the item when a `:`, `{` or "
       "`[` "
       "is part of its text\n"},
      {"wrong-type", good + "description: [a]\n", "8:14 wrong-type: `description` takes text, not a list\n"},
      {"wrong-type", "title: T\nlevel: low\nlogsource: aws\n" + body,
       "3:12 wrong-type: `logsource` takes a map, not a single value\n"},
      {"wrong-type", good + "related: x\n", "8:10 wrong-type: `related` takes a list\n"},
      {"wrong-type", "title: T\nlevel: low\n" + source + "detection: [x]\n",
       "4:12 wrong-type: `detection` takes a map, not a list\n"},
      {"wrong-type", good + "{a: b}: c\n",
       "8:1 wrong-type: a key must be text | quote the key; quote a whole value that begins with `{`\n"},
      {"duplicate-key", good + "level: high\n",
       "8:1 duplicate-key: `level` stands twice in one map, first at line 3, column 1 | only one of the two would "
       "count: "
       "give one key a list of values, or make two searches\n"},
      {"bad-level", "title: T\nlevel: hihg\n" + source + body,
       "2:8 bad-level: `hihg` is no level | did you mean `high`?\n"},
      {"bad-level", "title: T\nlevel: 3\n" + source + body,
       "2:8 bad-level: `3` is no level | a level is informational, low, medium, high or critical\n"},
      {"bad-status", good + "status: expermental\n",
       "8:9 bad-status: `expermental` is no status | did you mean `experimental`?\n"},
      {"bad-status", good + "status: done\n",
       "8:9 bad-status: `done` is no status | a status is stable, test, experimental, deprecated or unsupported\n"},
      {"bad-date", good + "date: 20.11.2026\n",
       "8:7 bad-date: `date: 20.11.2026` is no date | write it as YYYY-MM-DD\n"},
      {"bad-date", good + "modified: 2026-13-01\n",
       "8:11 bad-date: `modified: 2026-13-01` is no date | write it as YYYY-MM-DD\n"},
      {"bad-id", "title: T\nid: my-rule\nlevel: low\n" + source + body,
       "2:5 bad-id: the id `my-rule` is no UUID | `uuidgen` makes one; a readable handle goes into `name`\n"},
      {"missing-level", "title: T\n" + source + body,
       "1:1 missing-level: the rule has no `level` and is taken as medium | add `level: medium`, or what fits\n"},
      {"collection-action", good + "action: correlation\n",
       "8:9 collection-action: `action: correlation` is not known | remove it, and write each rule out in full\n"},
      {"collection-action", "action: repeat\n" + good,
       "1:9 deprecated-collection: `action:` documents are dropped from the Sigma specification | write each rule out "
       "in "
       "full\n"
       "1:9 collection-action: `action: repeat` has no document to repeat | write the rule out in full\n"},
      {"deprecated-collection", "action: global\nlevel: low\n---\n" + good,
       "1:9 deprecated-collection: `action:` documents are dropped from the Sigma specification | write each rule out "
       "in "
       "full\n"},
      // Searches
      {"missing-attribute", rule_with("  s: {a: b}\n"),
       "6:3 missing-attribute: `detection` has no `condition` | add a line such as `condition: selection`\n"},
      {"missing-attribute", rule_with("  s: {a: b}\n  condition: []\n"),
       "7:14 missing-attribute: the list of conditions is empty | write a condition such as `selection`\n"},
      {"misspelt-attribute", rule_with("  s: {a: b}\n  conditions: s\n"),
       "7:3 misspelt-attribute: `detection` has `conditions` but no `condition` | did you mean `condition`?\n"},
      {"wrong-type", rule_with("  s: {a: b}\n  condition: {s: t}\n"),
       "7:14 wrong-type: `condition` takes a text or a list of texts, not a map | write it behind the colon, or one a "
       "line behind `- `\n"},
      {"wrong-type", rule_with("  s:\n    requestParameters:\n      bucketName: x\n  condition: s\n"),
       "7:5 wrong-type: `requestParameters` takes a value or a list of values, not a map | write the path with dots: "
       "`requestParameters.bucketName: ...`\n"},
      {"wrong-type", rule_with("  s:\n    a:\n      - x: y\n  condition: s\n"),
       "8:9 wrong-type: a value in the list of `a` is no plain value | quote the value when a `:`, `{` or `[` is part "
       "of "
       "its text\n"},
      {"wrong-type", rule_with("  s: [[x]]\n  condition: s\n"),
       "6:7 wrong-type: the search `s` has a list inside its list | list maps or keywords, one `- ` each\n"},
      {"empty-search", rule_with("  s:\n  condition: s\n"),
       "6:3 empty-search: the search `s` is empty | write `field: value` lines below it, indented, or remove it\n"},
      {"empty-search", rule_with("  s: []\n  condition: s\n"),
       "6:3 empty-search: the search `s` is empty | write `field: value` lines below it, indented, or remove it\n"},
      {"empty-search", rule_with("  s: [{}]\n  condition: s\n"),
       "6:7 empty-search: the search `s` has an empty map | an empty map would hold on every event: remove it\n"},
      {"empty-search", rule_with("  condition: s\n"),
       "6:3 empty-search: `detection` has no search | add one, such as `selection:` with `field: value` lines below "
       "it\n"},
      {"empty-list", rule_with("  s:\n    a: []\n  condition: s\n"),
       "7:5 empty-list: `a` has a list without values | add values, or remove the line\n"},
      {"timeframe-ignored", rule_with("  s: {a: b}\n  timeframe: 5m\n  condition: s\n"),
       "7:14 timeframe-ignored: `timeframe` has no effect: each event is judged alone | to ask for several events "
       "within "
       "a time, write a correlation with a `timespan`\n"},
      {"wrong-type", "title: T\n" + source + "level: low\ndetection:\n",
       "4:1 wrong-type: `detection` takes a map, not nothing\n"},
      {"misspelt-attribute", "title: F\n" + source + "filter:\n  rule: [a]\n  s: {a: b}\n  condition: not s\n",
       "4:3 misspelt-attribute: `filter` has `rule` but no `rules` | did you mean `rules`?\n"},
      {"yaml-mark", rule_with("  s: {a: !x y}\n  condition: s\n"),
       "6:10 yaml-mark: `!x` is a tag of YAML, and no part of the value | quote a value that begins with `!`\n"},
      {"yaml-mark", rule_with("  s:\n    a: &x\n  condition: s\n"),
       "7:8 yaml-mark: an unquoted `&` gives a value a name, and here is none | quote a value that begins with `&`\n"},
      // Ours
      {"wrong-type", good + "tripline: x\n", "8:11 wrong-type: `tripline` takes a map, not a single value\n"},
      {"misspelt-attribute", good + "tripline: {perod: 1h}\n",
       "8:12 misspelt-attribute: `tripline` has no `perod` | did you mean `period`?\n"},
      {"unknown-attribute", good + "tripline: {learning: 7d}\n",
       "8:12 unknown-attribute: `tripline` has no `learning` | it takes group, period, title, response, mode and "
       "missing\n"},
      {"bad-extension", good + "tripline: {mode: quiet}\n",
       "8:18 bad-extension: `tripline.mode: quiet` is not known | it can be dry_run\n"},
      {"bad-title", good + "tripline: {title: \"{eventName\"}\n",
       "8:20 bad-title: `tripline.title` has a `{` that is not closed | close it behind the field, or write `{{`\n"},
      {"bad-title", good + "tripline: {title: \"made {}\"}\n",
       "8:20 bad-title: `{}` in `tripline.title` names no field | write the field as in a search, such as "
       "{requestParameters.userName}\n"},
      {"bad-title", good + "tripline: {title: \"made }\"}\n",
       "8:20 bad-title: `tripline.title` has a `}` that no `{` opens | write `}}` for the brace itself\n"},
      {"bad-timespan", good + "tripline: {period: 1 hour}\n",
       "8:20 bad-timespan: `tripline.period: 1 hour` is no time span | write a number and a unit of s, m, h, d or w, "
       "such "
       "as 15m\n"},
      {"bad-extension",
       "title: F\n" + source + "filter: {s: {a: b}, condition: not s}\ntripline: {expires: 2027-01-01}\n",
       "4:11 bad-extension: `tripline.expires` has no `reason` | say under `reason:` why the filter exists\n"},
      {"bad-extension",
       "title: F\n" + source + "filter: {s: {a: b}, condition: not s}\ntripline: {expires: soon, reason: x}\n",
       "4:21 bad-extension: `tripline.expires: soon` is no date | write it as YYYY-MM-DD\n"},
      // Files
      {"yaml-syntax", "title: T\n\tlevel: low\n",
       "2:1 yaml-syntax: a tab stands in the indentation | indent with spaces\n"},
      {"not-utf8", "title: \xFF\n", "1:8 not-utf8: the file is not UTF-8 text | save it as UTF-8\n"},
      {"yaml-bomb", "a: &a [*a]\n",
       "1:8 yaml-bomb: an alias stands inside what it names | write the values out instead of repeating them with "
       "`*`\n"},
  };
  return rows;
}

TEST(ReadDocuments, SaysWhatIsWrongWhereAndWhatToDo) {
  for (const Mistake& mistake : mistakes()) {
    SCOPED_TRACE(mistake.written);
    const FileDocuments file = read(mistake.written);
    EXPECT_EQ(tests::lines(file.diagnostics), mistake.said);
    EXPECT_NE(tests::lines(file.diagnostics, mistake.code), "");
    if (file.diagnostics.errors() > 0 && !mistake.code.starts_with("yaml") && mistake.code != "not-utf8" &&
        mistake.written.substr(0, 6) != "action") {
      ASSERT_EQ(file.failed.size(), 1U);
      for (const Document& document : file.documents) {
        const int line = std::visit([](const auto& rule) { return rule.rule.line; }, document);
        EXPECT_EQ(line, file.failed[0].rule.line) << "read for what else is wrong in it";
      }
    }
  }
}

TEST(ReadDocuments, NamesTheRuleInEachDiagnosticOfIt) {
  const FileDocuments file = read(rule_with("  s:\n  condition: s\n"));
  ASSERT_EQ(file.diagnostics.all().size(), 1U);
  EXPECT_EQ(file.diagnostics.all()[0].rule, "Test");
  EXPECT_EQ(file.diagnostics.all()[0].at.path, "rule.yml");
}

}  // namespace
}  // namespace tripline::rules
