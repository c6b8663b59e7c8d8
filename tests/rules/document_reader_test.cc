#include "rules/document_reader.h"

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "rules/uuid5.h"
#include "tests/support/diagnostics.h"
#include "tests/support/rule_text.h"

namespace tripline::rules {
namespace {

using tests::kHead;
using tests::rule_with;

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

}  // namespace
}  // namespace tripline::rules
