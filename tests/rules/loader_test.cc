#include "rules/loader.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/matcher.h"
#include "tests/support/diagnostics.h"
#include "tests/support/events.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

using State = RuleState::State;

/// A detection of CloudTrail events with this eventName.
std::string detection(const std::string& name, const std::string& event_name, const std::string& more = "") {
  return "title: " + name + "\nname: " + name + "\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\n" +
         "detection: {s: {eventName: " + event_name + "}, condition: s}\n" + more;
}

std::string filter(const std::string& rules, const std::string& body, const std::string& source = "product: aws") {
  return "title: Filter\nlogsource: {" + source + "}\nfilter:\n  rules: " + rules + "\n" + body;
}

std::string correlation(const std::string& name, const std::string& rules, const std::string& more = "") {
  return "title: " + name + "\nname: " + name + "\ncorrelation:\n  type: temporal\n  rules: [" + rules +
         "]\n  timespan: 5m\n" + more;
}

class LoadRules : public testing::Test {
 protected:
  Loaded load(LoadOptions options = {}) {
    options.threads = 2;
    auto loaded = load_rules({folder_.path().string()}, options);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
    return loaded ? std::move(*loaded) : Loaded{};
  }

  /// Each rule's title and state, in order.
  static std::string states(const Loaded& loaded) {
    static const std::map<State, std::string> names = {{State::kLoaded, "loaded"},
                                                       {State::kFailed, "failed"},
                                                       {State::kSkippedStatus, "skipped"},
                                                       {State::kOtherLogSource, "other"},
                                                       {State::kNotEvaluated, "waits"}};
    std::string text;
    for (const auto& state : loaded.states) {
      text += (text.empty() ? "" : ", ") + state.rule.title + " " + names.at(state.state);
      EXPECT_EQ(state.why.empty(), state.state == State::kLoaded) << state.rule.title;
    }
    return text;
  }

  /// Titles of the detections that hold on the event.
  static std::string matches(const Loaded& loaded, std::string_view json) {
    tests::OwnedEvent event(loaded.rules->fields, json);
    std::string text;
    for (const std::uint32_t i : engine::full_scan(*loaded.rules, *event)) {
      text += (text.empty() ? "" : ", ") + loaded.rules->detections[i].rule.title;
    }
    return text;
  }

  void write(const std::string& name, const std::string& text) { folder_.write(name, text); }

  tests::TemporaryFolder folder_;
};

// --- folders and files ---

TEST_F(LoadRules, WalksFoldersInOrderAndLeavesOutWhatIsNoRuleFile) {
  write("b/z.yml", detection("z", "Z"));
  write("b/a.YAML", detection("a", "A"));
  write("a.yml", detection("first", "F") + "---\n" + detection("second", "S") + "---\n- no rule\n");
  write("b/a.test.yml", detection("test", "T"));
  write("b/readme.md", "text");
  write(".git/x.yml", detection("hidden", "H"));
  write("b/.x.yml", detection("hidden", "H"));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "first loaded, second loaded, a loaded, z loaded");
  EXPECT_EQ(loaded.files, 3U);
  EXPECT_EQ(loaded.not_rules, 1U);
  EXPECT_EQ(tests::lines(loaded.diagnostics), "");
  EXPECT_EQ(loaded.states[1].rule.path, (folder_.path() / "a.yml").string());
  EXPECT_EQ(loaded.states[1].rule.line, 7);
  EXPECT_GT(loaded.timing.yaml_seconds, 0);
  EXPECT_GT(loaded.timing.compile_seconds, 0);
}

TEST_F(LoadRules, ReadsAFileOnceHoweverOftenItIsNamed) {
  write("rules/a.yml", detection("a", "A"));
  std::filesystem::create_directory_symlink(folder_.path() / "rules", folder_.path() / "rules" / "loop");
  std::filesystem::create_symlink(folder_.path() / "rules" / "a.yml", folder_.path() / "b.yml");
  const std::string root = folder_.path().string();
  const auto loaded = load_rules({root, root + "/rules/a.yml", root + "/rules/../rules"}, {});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->files, 1U);
  EXPECT_EQ(tests::lines(loaded->diagnostics), "");
}

TEST_F(LoadRules, FailsOnlyWhenAPathIsMissing) {
  const auto loaded = load_rules({folder_.path().string(), "/no/such/rules"}, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, engine::ErrorCode::kIo);
  EXPECT_EQ(loaded.error().message, "/no/such/rules: there is no such file or folder");
  EXPECT_EQ(load().files, 0U) << "an empty folder has no rules, and that is no error";
}

TEST_F(LoadRules, NamesAFileThatCannotBeRead) {
  write("a.yml", detection("a", "A"));
  std::filesystem::create_symlink(folder_.path() / "gone", folder_.path() / "b.yml");
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "a loaded");
  ASSERT_EQ(loaded.diagnostics.all().size(), 1U);
  EXPECT_EQ(loaded.diagnostics.all()[0].code->code, "unreadable-file");
  EXPECT_EQ(loaded.diagnostics.all()[0].at.path, (folder_.path() / "b.yml").string());
}

TEST_F(LoadRules, RefusesAFileBeyondTheLimitOfBytes) {
  write("a.yml", detection("a", "A") + "description: " + std::string(200'000, 'x') + "\n");
  LoadOptions options;
  options.yaml.max_bytes = 100'000;
  const Loaded loaded = load(options);
  EXPECT_EQ(tests::lines(loaded.diagnostics), "0:0 yaml-bomb: the file is larger than 100000 bytes | split the file\n");
}

TEST_F(LoadRules, GivesTheSameWhateverTheNumberOfThreads) {
  for (int i = 0; i < 60; ++i) {
    const std::string name = "rule" + std::to_string(i);
    write(name + ".yml", detection(name, i % 7 == 0 ? "[]" : "E" + std::to_string(i)) + "---\n" +
                             detection(i % 5 == 0 ? "twice" : name + "b", "F"));
  }
  const auto all = [&](unsigned threads) {
    LoadOptions options;
    options.threads = threads;
    const auto loaded = load_rules({folder_.path().string()}, options);
    std::string text = loaded ? states(*loaded) + tests::lines(loaded->diagnostics) : "";
    if (loaded) text += std::to_string(loaded->rules->predicates.size());
    return text;
  };
  const std::string one = all(1);
  EXPECT_NE(one.find("duplicate-id"), std::string::npos);
  for (const unsigned threads : {2U, 3U, 8U}) EXPECT_EQ(all(threads), one);
}

// --- which rules load ---

TEST_F(LoadRules, SkipsDeprecatedAndUnsupportedUnlessAsked) {
  write("a.yml", detection("a", "A", "status: deprecated\n") + "---\n" + detection("b", "B", "status: Unsupported\n") +
                     "---\n" + detection("c", "C", "status: test\n"));
  EXPECT_EQ(states(load()), "a skipped, b skipped, c loaded");
  LoadOptions options;
  options.include_deprecated = true;
  EXPECT_EQ(states(load(options)), "a loaded, b loaded, c loaded");
}

TEST_F(LoadRules, LeavesOutTheSecondOfTwoRulesWithOneIdOrName) {
  const std::string id = "id: 11111111-2222-4333-8444-55555555555";
  const auto rule = [&](const std::string& title, const std::string& lines) {
    return "title: " + title + "\n" + lines +
           "level: low\nlogsource: {product: aws}\ndetection: {s: {a: b}, condition: s}\n";
  };
  write("a.yml", rule("a", id + "a\n") + "---\n" + rule("b", "name: same\n"));
  write("b.yml", rule("c", id + "A\n") + "---\n" + rule("d", id + "b\nname: Same\n") + "---\n" + rule("e", "") +
                     "---\n" + rule("e", ""));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "a loaded, b loaded, c failed, d failed, e loaded, e failed");
  const std::string a = (folder_.path() / "a.yml").string();
  const std::string b = (folder_.path() / "b.yml").string();
  EXPECT_EQ(tests::lines(loaded.diagnostics),
            "2:5 duplicate-id: the id 11111111-2222-4333-8444-55555555555A is also that of `a` at " + a +
                ":1 | give it an id of its own; `uuidgen` makes one\n"
                "9:7 duplicate-name: the name `Same` is also that of `b` at " +
                a +
                ":7 | rename one\n"
                "19:1 duplicate-id: the id " +
                loaded.states[5].rule.id + " is also that of `e` at " + b +
                ":14 | give each rule an `id`; `uuidgen` makes one\n");
}

TEST_F(LoadRules, LeavesAnIdOrNameToTheFirstRuleThatCompiles) {
  const std::string id = "id: 11111111-2222-4333-8444-55555555555a\n";
  const std::string head = "level: low\nlogsource: {product: aws}\n";
  const std::string good = "detection: {s: {a: b}, condition: s}\n";
  const std::string bad = "detection: {s: {a: b}, condition: t}\n";
  write("a.yml", "title: a\n" + id + "name: n\n" + head + bad);
  write("b.yml", "title: b\n" + id + head + good + "---\ntitle: c\nname: n\n" + head + good);
  write("c.yml", "title: d\n" + id + head + good + "---\ntitle: f\nname: g\n" + head.substr(11) +
                     "filter: {s: {a|re: '('}, condition: not s}\n---\ntitle: g\nname: g\n" + head + good);
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "a failed, b loaded, c loaded, d failed, f failed, g loaded");
  EXPECT_EQ(tests::lines(loaded.diagnostics, "duplicate-name"), "");
  EXPECT_NE(tests::lines(loaded.diagnostics, "duplicate-id").find("is also that of `b`"), std::string::npos);
}

TEST_F(LoadRules, SaysWhatIsWrongInADetectionWhoseHeadIsWrongToo) {
  const std::string source = "logsource: {product: aws}\n";
  write("a.yml", "title: a\nlevel: lowish\n" + source +
                     "detection:\n  selection: {a|re: '('}\n  condition: slection\n---\n"
                     "title: b\nlevel: low\n" +
                     source + "detection: {s: {a: b}, condition: s}\n---\n" + "title: c\nstatus: tset\n" + source +
                     "filter: {s: {a: b}, condition: not t}\n");
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "a failed, b loaded, c failed");
  EXPECT_EQ(loaded.states[0].why, "`lowish` is no level");
  EXPECT_EQ(loaded.diagnostics.errors(), 5U) << tests::lines(loaded.diagnostics);
  for (const std::string code : {"bad-level", "regex-unsupported", "bad-status", "unknown-search"}) {
    EXPECT_NE(tests::lines(loaded.diagnostics, code), "") << code;
  }
}

TEST_F(LoadRules, LoadsTheRulesOfItsFeedAndCompilesTheOthersToo) {
  const auto rule = [](const std::string& title, const std::string& source, const std::string& value = "x") {
    return "title: " + title + "\nlevel: low\nlogsource: {" + source + "}\ndetection: {s: {a|re: '" + value +
           "'}, condition: s}\n---\n";
  };
  write("a.yml", rule("whole", "product: AWS, service: cloudtrail") + rule("data", "product: aws, category: data") +
                     rule("net", "category: network_activity") + rule("windows", "product: windows, category: x") +
                     rule("broken", "product: windows", "(") + rule("guard", "product: aws, service: guardduty"));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "whole loaded, data loaded, net loaded, windows other, broken failed, guard other");
  ASSERT_EQ(loaded.rules->detections.size(), 3U);
  EXPECT_EQ(loaded.rules->detections[0].categories, engine::kAnyCategory);
  EXPECT_EQ(loaded.rules->detections[1].categories, engine::kData);
  EXPECT_EQ(loaded.rules->detections[2].categories, engine::kNetworkActivity);
  EXPECT_EQ(loaded.rules->fields.size(), 1U) << "rules of other sources cost the matcher nothing";

  LoadOptions windows;
  windows.feed = {"x", "windows", ""};
  EXPECT_EQ(states(load(windows)), "whole other, data other, net other, windows loaded, broken failed, guard other");
  LoadOptions any;
  any.any_log_source = true;
  EXPECT_EQ(states(load(any)), "whole loaded, data loaded, net loaded, windows loaded, broken failed, guard loaded");
  LoadOptions data;
  data.feed = {"data", "aws", "cloudtrail"};
  EXPECT_EQ(states(load(data)), "whole loaded, data loaded, net other, windows other, broken failed, guard other");
}

TEST_F(LoadRules, WarnsOfARuleThatNoKnownSourceFeeds) {
  const auto said = [&](const std::string& source, LoadOptions options = {}) {
    write("a.yml", "title: a\nlevel: low\nlogsource: {" + source + "}\ndetection: {s: {a: b}, condition: s}\n");
    return tests::lines(load(options).diagnostics);
  };
  EXPECT_EQ(said("product: aws"), "");
  EXPECT_EQ(said("product: aws, service: cloudtrail, category: insight"), "");
  EXPECT_EQ(said("product: aws, service: cloudtrial"),
            "3:12 unfed-log-source: no known source feeds product aws, service cloudtrial | did you mean "
            "`cloudtrail`?\n");
  EXPECT_EQ(said("product: asw"), "3:12 unfed-log-source: no known source feeds product asw | did you mean `aws`?\n");
  EXPECT_EQ(said("product: aws, category: managment"),
            "3:12 unfed-log-source: no known source feeds product aws, category managment | did you mean "
            "`management`?\n");
  const std::string windows = "product: windows, category: process_creation";
  EXPECT_EQ(
      said(windows),
      "3:12 unfed-log-source: no known source feeds product windows, category process_creation | if the logs are of "
      "that kind, say so with --logsource product=windows,category=process_creation\n");
  LoadOptions fed;
  fed.feed = {"process_creation", "windows", ""};
  EXPECT_EQ(said(windows, fed), "");
  EXPECT_EQ(said("product: aws", fed), "") << "CloudTrail is known, though it is not this feed";
  LoadOptions any;
  any.any_log_source = true;
  EXPECT_EQ(said(windows, any), "");
}

TEST_F(LoadRules, WarnsOfFieldsInAnotherTaxonomyUnlessTheyAreMapped) {
  write("a.yml", detection("a", "A", "taxonomy: ecs\nfields: [eventName]\n"));
  EXPECT_EQ(tests::lines(load().diagnostics),
            "6:11 unknown-taxonomy: the rule's fields are named in the taxonomy `ecs`, not as the log names them | map "
            "them to the log's fields with --map FROM=TO: eventName\n");
  LoadOptions options;
  options.fields = {{"eventName", "call.name"}};
  const Loaded mapped = load(options);
  EXPECT_EQ(tests::lines(mapped.diagnostics), "");
  EXPECT_EQ(matches(mapped, R"({"call": {"name": "A"}})"), "a");
  ASSERT_EQ(mapped.rules->detections.at(0).shown.size(), 1U);
  EXPECT_EQ(mapped.rules->fields[mapped.rules->detections[0].shown[0]].path, "call.name");
}

TEST_F(LoadRules, CountsInformationalRulesWithoutSignals) {
  std::string informational = detection("b", "B");
  informational.replace(informational.find("high"), 4, "informational");
  write("a.yml", detection("a", "A") + "---\n" + informational);
  const Loaded loaded = load();
  EXPECT_TRUE(loaded.rules->detections.at(0).opens_signals);
  EXPECT_FALSE(loaded.rules->detections.at(1).opens_signals);
}

TEST_F(LoadRules, ReadsListsOfPlaceholders) {
  write("rules/a.yml",
        "title: a\nlevel: low\nlogsource: {product: aws}\n"
        "detection: {s: {eventName|expand: '%calls%'}, condition: s}\n");
  write("lists/calls.txt", "\xEF\xBB\xBF# a comment\r\nCreateUser\r\n\n  DeleteUser  \n");
  write("lists/.hidden", "x\n");
  write("lists/folder/x.txt", "x\n");
  const std::string rules = (folder_.path() / "rules").string();
  LoadOptions options;
  options.lists_dir = (folder_.path() / "lists").string();
  auto loaded = load_rules({rules}, options);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(tests::lines(loaded->diagnostics), "");
  EXPECT_EQ(matches(*loaded, R"({"eventName": "CreateUser"})"), "a");
  EXPECT_EQ(matches(*loaded, R"({"eventName": "DeleteUser"})"), "a");
  EXPECT_EQ(matches(*loaded, R"({"eventName": "# a comment"})"), "");

  write("lists/calls.csv", "x\n");
  write("lists/latin", "\xE9\n");
  loaded = load_rules({rules}, options);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(tests::lines(loaded->diagnostics),
            "0:0 unreadable-list: another file of the folder is the list `calls` | put all its values into one file\n"
            "0:0 unreadable-list: the list `latin` cannot be read | it is a UTF-8 text file of at most 64 MiB with one "
            "value a line\n");

  options.lists_dir += "/none";
  EXPECT_FALSE(load_rules({rules}, options));
}

TEST_F(LoadRules, LintsOnlyWhenAsked) {
  const auto rule = [](const std::string& title, const std::string& source, const std::string& field) {
    return "title: " + title + "\nlevel: low\nlogsource: {" + source + "}\ndetection: {s: {" + field +
           ": x}, condition: s}\n---\n";
  };
  write("a.yml", rule("feed", "product: aws, service: cloudtrail", "EventName") +
                     rule("fails", "product: aws, service: cloudtrail", "EventName|contians") +
                     rule("other", "product: windows", "EventName") +
                     filter("[feed]", "  s: {EventSource: x}\n  condition: not s\n") + "---\n" +
                     correlation("c", "feed, feed2", "  group-by: [userIdentity.arn]\n"));
  EXPECT_EQ(tests::lines(load().diagnostics, "field-case"), "");
  LoadOptions options;
  options.lint = true;
  const Loaded loaded = load(options);
  std::vector<std::string> places;
  for (const auto& diagnostic : loaded.diagnostics.all()) {
    const std::string_view code = diagnostic.code->code;
    if (code == "field-case" || code == "group-by-session") places.push_back(diagnostic.rule);
  }
  EXPECT_EQ(places, (std::vector<std::string>{"feed", "fails", "Filter", "c"}));
}

// --- filters ---

constexpr std::string_view kByAlice = R"({"eventName": "A", "userIdentity": {"userName": "alice"}})";
constexpr std::string_view kByBob = R"({"eventName": "A", "userIdentity": {"userName": "bob"}})";

TEST_F(LoadRules, AndsFiltersAsWritten) {
  write("rules.yml", detection("a", "A") + "---\n" + detection("b", "A"));
  const std::string alice = "  alice: {userIdentity.userName: alice}\n";
  const struct {
    std::string_view name;
    std::string filter;
    std::string by_alice;
    std::string by_bob;
  } cases[] = {
      {"one rule by name", filter("[a]", alice + "  condition: not alice\n"), "b", "a, b"},
      {"as written, without not", filter("[a]", alice + "  condition: alice\n"), "a, b", "b"},
      {"any rule", filter("any", alice + "  condition: not alice\n"), "", "a, b"},
      {"an empty list is any", filter("[]", alice + "  condition: not alice\n"), "", "a, b"},
      {"the rule's whole log source",
       filter("[a]", alice + "  condition: not alice\n", "product: aws, service: cloudtrail"), "b", "a, b"},
      {"an attribute that the rule has not",
       filter("[a]", alice + "  condition: not alice\n", "product: aws, category: data"), "a, b", "a, b"},
      {"any, of a log source that no rule has", filter("any", alice + "  condition: not alice\n", "product: linux"),
       "a, b", "a, b"},
      {"two filters",
       filter("[a]", alice + "  condition: not alice\n") + "---\n" +
           filter("[a]", "  bob: {userIdentity.userName: bob}\n  condition: not bob\n") + "id: 2\n",
       "b", "b"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    write("filter.yml", c.filter);
    const Loaded loaded = load();
    EXPECT_EQ(matches(loaded, kByAlice), c.by_alice);
    EXPECT_EQ(matches(loaded, kByBob), c.by_bob);
  }
}

TEST_F(LoadRules, AppliesAFilterToRulesNamedByIdInEitherLetterCase) {
  write("rules.yml", detection("a", "A", "id: 11111111-2222-4333-8444-55555555555a\n"));
  write("filter.yml", filter("[11111111-2222-4333-8444-55555555555A]",
                             "  alice: {userIdentity.userName: alice}\n  condition: not alice\n"));
  EXPECT_EQ(matches(load(), kByAlice), "");
  EXPECT_EQ(matches(load(), kByBob), "a");
}

TEST_F(LoadRules, SaysWhatIsWrongWithFilters) {
  write("rules.yml", detection("first_rule", "A") + "---\n" + detection("old", "B", "status: deprecated\n") + "---\n" +
                         correlation("both", "first_rule, second") + "---\n" + detection("second", "B") + "---\n" +
                         "title: A title\nlevel: low\nlogsource: {product: windows}\nname: other\n"
                         "detection: {s: {a: b}, condition: s}\n");
  const std::string body = "  s: {a: b}\n  condition: not s\n";
  const struct {
    std::string_view code;
    std::string written;
    std::string said;
    std::string state;
  } cases[] = {
      {"filter-negates-nothing", filter("[second]", "  s: {a: b}\n  condition: s\n"),
       "6:14 filter-negates-nothing: the filter negates nothing, so that rules keep only the events that it names | "
       "did "
       "you mean `not s`?\n",
       "loaded"},
      {"filter-negates-nothing", filter("any", "  s: {a: b}\n  t: {c: d}\n  condition: s or t\n"),
       "7:14 filter-negates-nothing: the filter negates nothing, so that rules keep only the events that it names | "
       "did "
       "you mean `not (s or t)`?\n",
       "loaded"},
      {"", filter("[second]", "  s: {a|neq: b}\n  condition: s\n"), "", "loaded"},
      {"filter-unknown-rule", filter("[first_rul]", body),
       "4:11 filter-unknown-rule: no loaded rule has the id or name `first_rul` | did you mean `first_rule`?\n",
       "loaded"},
      {"filter-unknown-rule", filter("[something_else]", body),
       "4:11 filter-unknown-rule: no loaded rule has the id or name `something_else` | load the rule with the filter, "
       "or "
       "remove the reference\n",
       "loaded"},
      {"filter-unknown-rule", filter("[old]", body),
       "4:11 filter-unknown-rule: `old` is not loaded: its status is deprecated\n", "loaded"},
      {"filter-unknown-rule", filter("[A title]", body, "product: windows"),
       "4:11 filter-unknown-rule: filters name rules by id or name, not by title | write `other`\n", "loaded"},
      {"filter-unknown-rule", filter("any", body, "product: linux"),
       "2:12 filter-unknown-rule: no loaded rule is of the filter's log source | it applies to rules whose log source "
       "has "
       "product linux\n",
       "loaded"},
      {"filter-other-log-source", filter("[other]", body),
       "4:11 filter-other-log-source: `other` is of another log source (product windows) | the filter's log source may "
       "only have attributes that are the rule's\n",
       "loaded"},
      {"filter-names-correlation", filter("[second, both]", body),
       "4:19 filter-names-correlation: `both` is a correlation, and filters work on detections | name its base rules: "
       "`first_rule`, `second`\n",
       "failed"},
      {"unknown-search", filter("[second]", "  s: {a: b}\n  condition: not t\n"), "", "failed"},
      {"", filter("[other]", body, "product: windows"), "", "other"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.written);
    write("a_filter.yml", c.written);
    const Loaded loaded = load();
    Diagnostics own;
    for (const auto& d : loaded.diagnostics.all()) {
      if (d.at.path.ends_with("a_filter.yml")) own.add(d.code->code, d.at, d.message, d.hint);
    }
    if (c.code != "unknown-search") {
      EXPECT_EQ(tests::lines(own), c.said);
    }
    if (!c.code.empty()) {
      EXPECT_NE(tests::lines(own, c.code), "");
    }
    EXPECT_TRUE(states(loaded).starts_with("Filter " + c.state)) << states(loaded);
    EXPECT_EQ(loaded.filters.size(), c.state == "loaded" ? 1U : 0U);
  }
}

TEST_F(LoadRules, LeavesRulesAsTheyAreWhenTheirFilterIsBroken) {
  write("rules.yml",
        detection("a", "A") + "---\n" + filter("[a]", "  s: {userIdentity.userName|x: y}\n  condition: not s\n"));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "a loaded, Filter failed");
  EXPECT_EQ(matches(loaded, kByAlice), "a");
}

// --- correlations ---

TEST_F(LoadRules, KeepsBaseRulesFromOpeningSignalsUnlessOneSaysGenerate) {
  const auto opens = [&](const std::string& text) {
    write("a.yml", text);
    const Loaded loaded = load();
    std::string found;
    for (const auto& d : loaded.rules->detections) found += d.rule.title + (d.opens_signals ? "+ " : "- ");
    return found;
  };
  const std::string base =
      detection("a", "A") + "---\n" + detection("b", "B") + "---\n" + detection("c", "C") + "---\n";
  EXPECT_EQ(opens(base), "a+ b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b")), "a- b- c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b", "  generate: true\n")), "a+ b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b", "generate: true\n")), "a+ b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, b") + "---\n" + correlation("y", "b, c", "  generate: true\n")),
            "a- b+ c+ ");
  EXPECT_EQ(opens(base + correlation("x", "a, gone")), "a+ b+ c+ ") << "a correlation with an error silences nobody";
}

TEST_F(LoadRules, WarnsWhenARuleOfAnotherFileIsSilenced) {
  write("base.yml", detection("a", "A") + "---\n" + detection("b", "B"));
  write("corr.yml", correlation("x", "a, b"));
  const std::string base = (folder_.path() / "base.yml").string();
  const auto warning = [&](const std::string& name, int column) {
    return "5:" + std::to_string(column) + " silenced-rule: `" + name + "` (high, " + base +
           ") opens no signals by itself, because this correlation refers to it | `generate: true` in the correlation "
           "keeps them\n";
  };
  EXPECT_EQ(tests::lines(load().diagnostics), warning("a", 11) + warning("b", 14));
  std::string low = detection("b", "B");
  low.replace(low.find("high"), 4, "low");
  write("base.yml", detection("a", "A") + "---\n" + low);
  EXPECT_EQ(tests::lines(load().diagnostics), warning("a", 11));
}

TEST_F(LoadRules, GivesACorrelationItsOwnLevelElseTheHighestOfItsBaseRules) {
  std::string low = detection("b", "B");
  low.replace(low.find("high"), 4, "low");
  write("a.yml", low + "---\n" + detection("a", "A") + "---\n" + correlation("outer", "x, b") + "---\n" +
                     correlation("x", "a, b") + "---\n" + correlation("own", "a, b", "level: low\n"));
  const Loaded loaded = load();
  EXPECT_EQ(tests::lines(loaded.diagnostics), "");
  ASSERT_EQ(loaded.correlations.size(), 3U);
  EXPECT_EQ(loaded.correlations[0].rule.level, engine::Level::kHigh);
  EXPECT_EQ(loaded.correlations[1].rule.level, engine::Level::kHigh);
  EXPECT_EQ(loaded.correlations[2].rule.level, engine::Level::kLow);
  EXPECT_EQ(loaded.states[2].rule.level, engine::Level::kHigh);
  EXPECT_TRUE(loaded.correlations[0].opens_signals);
  EXPECT_FALSE(loaded.correlations[1].opens_signals) << "outer is built on it";
}

/// c1 over c0 over ... over a, up to `last`.
std::string chain(int last) {
  std::string text = detection("a", "A") + "---\n" + detection("b", "B") + "---\n" + correlation("c0", "a, b");
  for (int i = 1; i <= last; ++i) {
    text += "---\n" + correlation("c" + std::to_string(i), "a, c" + std::to_string(i - 1));
  }
  return text;
}

TEST_F(LoadRules, SaysWhatIsWrongWithWhatCorrelationsReferTo) {
  const std::string base = detection("first", "A") + "---\n" + detection("second", "B") + "---\n";
  const auto titled = [](const std::string& name) {
    std::string text = detection(name, "C");
    return text.replace(0, text.find('\n'), "title: One title");
  };
  const struct {
    std::string_view code;
    std::string written;
    std::string said;
    std::string state;  // of the rule X
  } cases[] = {
      {"", base + correlation("X", "first, second"), "", "waits"},
      {"unknown-rule", base + correlation("X", "first, secnod"),
       "17:18 unknown-rule: no rule has the name or id `secnod` | did you mean `second`?\n", "failed"},
      {"unknown-rule", base + correlation("X", "first, another_rule"),
       "17:18 unknown-rule: no rule has the name or id `another_rule` | load its file too\n", "failed"},
      {"unknown-rule", base + detection("old", "C", "status: deprecated\n") + "---\n" + correlation("X", "first, old"),
       "24:18 unknown-rule: `old` is not loaded: its status is deprecated\n", "failed"},
      {"unknown-rule",
       base + filter("any", "  s: {a: b}\n  condition: not s\nname: a_filter\n") + "---\n" +
           correlation("X", "first, a_filter"),
       "25:18 unknown-rule: `a_filter` is a filter | a correlation refers to detections and correlations\n", "failed"},
      {"title-reference", base + titled("third") + "---\n" + correlation("X", "first, One title"),
       "23:18 title-reference: the specification refers to rules by `name` or `id`, not by title | write `third`\n",
       "waits"},
      {"ambiguous-rule",
       base + titled("third") + "---\n" + titled("fourth") + "---\n" + correlation("X", "first, One title"),
       "29:18 ambiguous-rule: several rules have the title `One title` | name the rule by its `name` or `id`\n",
       "failed"},
      {"rule-named-twice",
       base + detection("third", "C", "id: 11111111-2222-4333-8444-55555555555a\n") + "---\n" +
           correlation("X", "first, third, 11111111-2222-4333-8444-55555555555a"),
       "24:25 rule-named-twice: `11111111-2222-4333-8444-55555555555a` names `third` again | each rule counts once: "
       "remove "
       "one of the two\n",
       "failed"},
      {"correlation-cycle", base + correlation("X", "first, X"),
       "17:18 correlation-cycle: the correlations refer to each other in a circle: `X` → `X` | remove one of the "
       "references\n",
       "failed"},
      {"correlation-cycle",
       base + correlation("Y", "first, Z") + "---\n" + correlation("Z", "X, first") + "---\n" +
           correlation("X", "Y, second"),
       "17:18 correlation-cycle: the correlations refer to each other in a circle: `Y` → `Z` → `X` → `Y` | remove one "
       "of "
       "the references\n",
       "failed"},
      {"correlation-cycle", base + correlation("X", "first, Y") + "---\n" + correlation("Y", "Y, second"),
       "17:18 unknown-rule: `Y` is not loaded: the correlations refer to each other in a circle: `Y` → `Y`\n"
       "24:11 correlation-cycle: the correlations refer to each other in a circle: `Y` → `Y` | remove one of the "
       "references\n",
       "failed"},
      {"bad-alias", base + correlation("X", "first, second", "  group-by: [who]\n  aliases: {who: {frist: a}}\n"),
       "16:3 bad-alias: the alias `who` names `frist`, which is none of the correlation's rules | name one of those "
       "under "
       "`rules:`\n",
       "failed"},
      {"", base + correlation("X", "first, second", "  group-by: [who]\n  aliases: {who: {first: a, second: b}}\n"), "",
       "waits"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.written);
    write("a.yml", c.written);
    const Loaded loaded = load();
    EXPECT_EQ(tests::lines(loaded.diagnostics), c.said);
    if (!c.code.empty()) {
      EXPECT_NE(tests::lines(loaded.diagnostics, c.code), "");
    }
    EXPECT_NE(states(loaded).find("X " + c.state), std::string::npos) << states(loaded);
  }
}

TEST_F(LoadRules, RefusesChainsOfMoreThanEightCorrelations) {
  write("a.yml", chain(7));
  EXPECT_EQ(tests::lines(load().diagnostics), "");
  write("a.yml", chain(9));
  const Loaded loaded = load();
  EXPECT_NE(tests::lines(loaded.diagnostics, "correlation-too-deep"), "");
  EXPECT_TRUE(states(loaded).ends_with("c7 waits, c8 failed, c9 failed")) << states(loaded);
}

TEST_F(LoadRules, BearsLongCirclesAndChains) {
  std::string circle = detection("a", "A");
  for (int i = 0; i < 2'000; ++i) {
    circle += "---\n" + correlation("c" + std::to_string(i), "a, c" + std::to_string((i + 1) % 2'000));
  }
  write("a.yml", circle);
  EXPECT_EQ(load().diagnostics.errors(), 1U) << "one circle, told of once";
  write("a.yml", chain(2'000));
  EXPECT_EQ(load().correlations.size(), 8U);
}

TEST_F(LoadRules, LeavesACorrelationOverAnotherLogSourceToThatSource) {
  write("a.yml",
        "title: w\nname: w\nlevel: low\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n---\n" +
            detection("a", "A") + "---\n" + correlation("X", "a, w"));
  const Loaded loaded = load();
  EXPECT_EQ(states(loaded), "w other, a loaded, X other");
  EXPECT_TRUE(loaded.rules->detections.at(0).opens_signals);
}

}  // namespace
}  // namespace tripline::rules
