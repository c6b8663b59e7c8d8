#include "rules/document_reader.h"

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "rules/uuid5.h"
#include "tests/support/diagnostics.h"

namespace tripline::rules {
namespace {

FileDocuments read(std::string_view text) { return read_documents(text, "rule.yml"); }

/// The only document of a text without mistakes.
template <class T>
T read_one(std::string_view text) {
  FileDocuments file = read(text);
  EXPECT_EQ(tests::lines(file.diagnostics), "");
  EXPECT_EQ(file.documents.size(), 1U);
  if (file.documents.size() != 1 || !std::holds_alternative<T>(file.documents[0])) {
    ADD_FAILURE() << "not one document of the kind:\n" << text;
    return {};
  }
  return std::get<T>(file.documents[0]);
}

constexpr std::string_view kHead =
    "title: Test\n"
    "id: 11111111-2222-4333-8444-555555555555\n"
    "level: low\n"
    "logsource: {product: aws, service: cloudtrail}\n";

/// A rule with these lines as its detection, which begin at line 6, column 3.
std::string rule_with(std::string_view detection) {
  return std::string(kHead) + "detection:\n" + std::string(detection);
}

TEST(ReadDocuments, ReadsEveryAttributeOfADetection) {
  const auto rule = read_one<DetectionRule>(R"(# a comment
title: Trail stopped
id: 11111111-2222-4333-8444-555555555555
name: trail_stopped
related:
  - {id: 11111111-2222-4333-8444-555555555556, type: derived}
taxonomy: sigma
status: test
description: |
  Two
  lines
license: Apache-2.0
author: Somebody
references: [https://example.com/a, https://example.com/b]
date: 2026-11-20
modified: 2026/11/21
logsource: {category: management, product: aws, service: cloudtrail, definition: some words}
detection:
  selection:
    eventName: StopLogging
  condition: selection
fields: [eventName]
falsepositives: [Maintenance]
level: high
tags:
  - attack.t1562.008
scope: [server]
our_own: attribute
tripline:
  group: [recipientAccountId, actor.principal]
  period: 15m
  mode: dry_run
)");
  EXPECT_EQ(rule.rule.title, "Trail stopped");
  EXPECT_EQ(rule.rule.id, "11111111-2222-4333-8444-555555555555");
  EXPECT_EQ(rule.rule.name, "trail_stopped");
  EXPECT_EQ(rule.rule.status, "test");
  EXPECT_EQ(rule.rule.description, "Two\nlines\n");
  EXPECT_EQ(rule.rule.author, "Somebody");
  EXPECT_EQ(rule.rule.references, (std::vector<std::string>{"https://example.com/a", "https://example.com/b"}));
  EXPECT_EQ(rule.rule.log_source, (engine::LogSource{"management", "aws", "cloudtrail"}));
  EXPECT_EQ(rule.rule.fields, std::vector<std::string>{"eventName"});
  EXPECT_EQ(rule.rule.false_positives, std::vector<std::string>{"Maintenance"});
  EXPECT_EQ(rule.rule.level, engine::Level::kHigh);
  EXPECT_EQ(rule.rule.tags, std::vector<std::string>{"attack.t1562.008"});
  EXPECT_EQ(rule.rule.path, "rule.yml");
  EXPECT_EQ(rule.rule.line, 2);
  EXPECT_TRUE(rule.head.level_given);
  EXPECT_EQ(rule.head.taxonomy, "");
  EXPECT_EQ(rule.tripline.group, (std::vector<std::string>{"recipientAccountId", "actor.principal"}));
  EXPECT_EQ(rule.tripline.settings, (std::map<std::string, std::string>{{"period", "15m"}, {"mode", "dry_run"}}));
}

/// One line: `name: [field|modifier: 'text' n:1, ... ; ...]`, maps separated by `;`, a list marked by `*`.
std::string print(const Search& search) {
  std::string text = search.name + ": [";
  for (std::size_t map = 0; map < search.any.size(); ++map) {
    if (map > 0) text += "; ";
    for (std::size_t i = 0; i < search.any[map].size(); ++i) {
      const FieldItem& item = search.any[map][i];
      if (i > 0) text += ", ";
      text += item.field;
      for (const auto& modifier : item.modifiers) text += "|" + modifier;
      text += item.is_list ? ":*" : ":";
      for (const Scalar& value : item.values) {
        switch (value.kind) {
          case Scalar::Kind::kString:
            text += " '" + value.text + "'";
            break;
          case Scalar::Kind::kNumber:
            text += " n:" + value.text;
            break;
          case Scalar::Kind::kBool:
            text += " b:" + value.text;
            break;
          case Scalar::Kind::kNull:
            text += " ~";
            break;
        }
      }
    }
  }
  return text + "]";
}

TEST(ReadDocuments, ReadsSearchesOfEveryShape) {
  const struct {
    std::string_view written;  // below `detection:`
    std::string_view read;
  } cases[] = {
      {"  s:\n    a: x\n    b: [1, 'y', true]\n", "s: [a: 'x', b:* n:1 'y' b:true]"},
      {"  s:\n    - a: x\n      b: y\n    - c: z\n", "s: [a: 'x', b: 'y'; c: 'z']"},
      {"  s: [x, y]\n", "s: [:* 'x' 'y']"},
      {"  s: x\n", "s: [: 'x']"},
      {"  s:\n    '|all': [x, y]\n", "s: [|all:* 'x' 'y']"},
      {"  s:\n    - x\n    - a: y\n    - z\n", "s: [a: 'y'; :* 'x' 'z']"},
      {"  s:\n    a|contains|all: [x, y]\n    b|re|i: '^z'\n", "s: [a|contains|all:* 'x' 'y', b|re|i: '^z']"},
      {"  s:\n    a:\n    b: ~\n    c: ''\n", "s: [a: ~, b: ~, c: '']"},
      {"  s:\n    a||b|: x\n", "s: [a||b|: 'x']"},
      {"  s:\n    userIdentity.accountId: 012345678901\n    c: No\n",
       "s: [userIdentity.accountId: '012345678901', c: 'No']"},
      {"  s:\n    4625: x\n", "s: [4625: 'x']"},
  };
  for (const auto& c : cases) {
    const auto rule = read_one<DetectionRule>(rule_with(std::string(c.written) + "  condition: s\n"));
    ASSERT_EQ(rule.body.searches.size(), 1U) << c.written;
    EXPECT_EQ(print(rule.body.searches[0]), c.read) << c.written;
  }
}

TEST(ReadDocuments, KnowsWhereSearchesAndValuesAndConditionsStand) {
  const auto rule = read_one<DetectionRule>(rule_with(
      "  first:\n    a: x\n    b:\n      - y\n  second:\n    c:\n  condition:\n    - 'first'\n    - second\n"));
  const auto place = [](const Position& at) { return std::to_string(at.line) + ":" + std::to_string(at.column); };
  ASSERT_EQ(rule.body.searches.size(), 2U);
  EXPECT_EQ(place(rule.body.searches[0].at), "6:3");
  EXPECT_EQ(place(rule.body.searches[0].any[0][0].at), "7:5");
  EXPECT_EQ(place(rule.body.searches[0].any[0][0].values[0].at), "7:8");
  EXPECT_EQ(place(rule.body.searches[0].any[0][1].values[0].at), "9:9");
  EXPECT_EQ(place(rule.body.searches[1].any[0][0].values[0].at), "11:5") << "a value that is not there";
  ASSERT_EQ(rule.body.conditions.size(), 2U);
  EXPECT_EQ(place(rule.body.conditions[0].at), "13:8") << "inside the quotes";
  EXPECT_EQ(place(rule.body.conditions[1].at), "14:7");
}

TEST(ReadDocuments, NamesARuleWithoutIdByItsNameElseByTitleAndLogSource) {
  const std::string body = "level: low\ndetection: {s: {a: b}, condition: s}\n";
  const std::string source = "logsource: {product: aws, service: cloudtrail}\n";
  EXPECT_EQ(read_one<DetectionRule>("title: T\nname: handle\n" + source + body).rule.id, "handle");
  const std::string id = read_one<DetectionRule>("title: T\n" + source + body).rule.id;
  EXPECT_EQ(id, uuid5("T\n\naws\ncloudtrail"));
  EXPECT_NE(read_one<DetectionRule>("title: T\nlogsource: {product: aws}\n" + body).rule.id, id);
  EXPECT_NE(read_one<DetectionRule>("title: U\n" + source + body).rule.id, id);
}

TEST(ReadDocuments, TellsRulesApartThatACollectionGivesOneId) {
  const std::string rule = "---\ndetection: {s: {a: b}, condition: s}\n";
  const std::string repeat = "---\naction: repeat\nlevel: high\n";
  const std::string source = "level: low\nlogsource: {product: aws}\n";
  const std::string uuid = "11111111-2222-4333-8444-555555555556";
  const struct {
    std::string name, text, first;
  } cases[] = {
      {"no id", "action: global\ntitle: T\n" + source + rule + rule + rule, uuid5("T\n\naws\n")},
      {"an id", "action: global\ntitle: T\nid: " + uuid + "\n" + source + rule + rule + rule, uuid},
      {"repeated", "title: T\n" + source + rule.substr(4) + repeat + repeat, uuid5("T\n\naws\n")},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto file = read_documents(c.text, "a.yml");
    ASSERT_EQ(file.documents.size(), 3U) << tests::lines(file.diagnostics);
    const auto id = [&](std::size_t i) { return std::get<DetectionRule>(file.documents[i]).rule.id; };
    EXPECT_EQ(id(0), c.first);
    EXPECT_EQ(id(1), uuid5(c.first + "\n2"));
    EXPECT_EQ(id(2), uuid5(c.first + "\n3"));
  }
}

TEST(ReadDocuments, ReadsFilters) {
  const std::string head = "title: F\nlogsource: {product: aws}\n";
  const auto filter = read_one<FilterRule>(head +
                                           "filter:\n  rules:\n    - some_rule\n    - other_rule\n"
                                           "  selection: {a: b}\n  condition: not selection\n"
                                           "tripline: {expires: 2027-01-01, reason: migration}\n");
  ASSERT_EQ(filter.rules.size(), 2U);
  EXPECT_EQ(filter.rules[1].name, "other_rule");
  EXPECT_EQ(filter.rules[1].at.line, 6);
  ASSERT_EQ(filter.body.searches.size(), 1U);
  EXPECT_EQ(print(filter.body.searches[0]), "selection: [a: 'b']");
  EXPECT_EQ(filter.body.conditions.at(0).text, "not selection");
  EXPECT_EQ(filter.tripline.settings.at("expires"), "2027-01-01");
  for (const std::string rules :
       {"  rules: any\n", "  rules: Any\n", "  rules: [any]\n", "  rules: []\n", "  rules:\n", ""}) {
    const auto any = read_one<FilterRule>(head + "filter:\n" + rules + "  s: {a: b}\n  condition: not s\n");
    EXPECT_TRUE(any.rules.empty()) << rules;
    EXPECT_EQ(any.body.searches.size(), 1U) << rules;
  }
  const auto named = read_one<FilterRule>(head + "filter: {rule: [a], condition: not rule}\n");
  EXPECT_EQ(named.body.searches.size(), 1U) << "a search may have a name like `rules`";
}

TEST(ReadDocuments, CountsDocumentsThatAreNoRules) {
  const struct {
    std::string_view written;
    std::size_t not_rules;
  } cases[] = {
      {"", 0},
      {"---\n---\n", 0},
      {"# only a comment\n", 0},
      {"- a\n- list\n", 1},
      {"just text\n", 1},
      {"on: push\njobs: {build: {runs-on: ubuntu}}\n", 1},
      {"title: A dashboard\nfilters: [a, b]\n", 1},
      {"detection: of something\n", 1},
      {"name: a workflow\naction: run\n", 1},
      {"a: 1\na: 2\n---\nb: 3\n", 2},
  };
  for (const auto& c : cases) {
    const FileDocuments file = read(c.written);
    EXPECT_EQ(file.not_rules, c.not_rules) << c.written;
    EXPECT_TRUE(file.documents.empty() && file.failed.empty()) << c.written;
    EXPECT_EQ(tests::lines(file.diagnostics), "") << c.written;
  }
}

TEST(ReadDocuments, LeavesOutWhatHasAnErrorAndKeepsTheRest) {
  const std::string good = rule_with("  s: {a: b}\n  condition: s\n");
  const FileDocuments file =
      read(good + "---\n" + std::string(kHead) + "name: broken\ndetection: {s: {a: b}}\n---\n" + good);
  EXPECT_EQ(file.documents.size(), 2U);
  ASSERT_EQ(file.failed.size(), 1U);
  EXPECT_EQ(file.failed[0].rule.name, "broken");
  EXPECT_EQ(file.failed[0].rule.line, 9);
  EXPECT_EQ(file.failed[0].kind, DocumentKind::kDetection);
  EXPECT_EQ(file.failed[0].why, "`detection` has no `condition`");
}

TEST(ReadDocuments, AllowsAttributesThatAreNoSlips) {
  const std::string rule = rule_with("  s: {a: b}\n  condition: s\n");
  for (const std::string line : {"score: 5", "label: x", "state: on", "data: x", "severity: 3", "files: [a]",
                                 "custom_fields: {a: b}", "version: 2", "raw: x", "tag: x\ntags: [attack.t1]"}) {
    EXPECT_EQ(tests::lines(read(rule + line + "\n").diagnostics), "") << line;
  }
}

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
