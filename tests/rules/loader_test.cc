#include "rules/loader.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/diagnostics.h"
#include "tests/support/load_rules.h"

namespace tripline::rules {
namespace {

using tests::correlation;
using tests::detection;
using tests::filter;
using tests::LoadRules;

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

}  // namespace
}  // namespace tripline::rules
