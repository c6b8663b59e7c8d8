// The examples of the Sigma specification, and three correlations on CloudTrail as others write them: they load with
// the warnings named here, fire on what their text says, and on nothing close to it.

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "rules/rule_test.h"
#include "tests/support/places.h"

namespace tripline::rules {
namespace {

namespace fs = std::filesystem;

/// A base rule as the examples leave it to the reader.
std::string base(std::string_view name, std::string_view selection, std::string_view source = "product: windows") {
  return "---\ntitle: Base " + std::string(name) + "\nname: " + std::string(name) + "\nlevel: low\nlogsource: {" +
         std::string(source) + "}\ndetection:\n  selection: {" + std::string(selection) + "}\n  condition: selection\n";
}

std::string base_with_id(std::string_view id, std::string_view selection,
                         std::string_view source = "product: windows") {
  const std::string text = base("base", selection, source);
  const std::string name = "name: base\n";
  return std::string(text).replace(text.find(name), name.size(), "id: " + std::string(id) + "\n");
}

/// Steps of `count` events a second apart, each with another value in `field`.
std::string with_values(int count, std::string_view field) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "      - {event: e, at: " + std::to_string(i) + "s, with: {" + std::string(field) + ": value " +
            std::to_string(i) + "}}\n";
  }
  return text;
}

struct Example {
  std::string_view name;
  std::string_view file{};  // below data/sigma
  std::string more{};       // documents that the example leaves to the reader
  std::string_view rule{};  // that the cases are of; empty: the file's only one
  std::string events{};     // of the test file
  std::string cases{};      // of the test file
  std::set<std::string_view> warnings{};
};

const std::string kFailedLogin = "5638f7c0-ac70-491d-8465-2a65075e0d86";
const std::string kRecon = base("recon_cmd_a", "CommandLine: whoami") + base("recon_cmd_b", "CommandLine: ipconfig") +
                           base("recon_cmd_c", "CommandLine: nltest");
const std::string kReconEvents =
    "  a: {CommandLine: whoami, ComputerName: pc, User: eve}\n"
    "  b: {CommandLine: ipconfig, ComputerName: pc, User: eve}\n"
    "  c: {CommandLine: nltest, ComputerName: pc, User: eve}\n";

/// An example of aliases that stands in three snippets, without titles and log sources.
std::string joined() {
  const auto snippet = [](const std::string& number) {
    return tests::read_file(tests::shared("data/sigma/spec/snippets/correlation-" + number + ".yml"));
  };
  std::string correlation = snippet("15");
  correlation.erase(0, correlation.find("correlation:"));
  const std::string source = "logsource: {category: webserver}\nlevel: low\n";
  return "---\ntitle: Joined\nname: joined\n" + correlation + "\n---\ntitle: Error\n" + source + snippet("13") +
         "\n---\ntitle: Connection\n" + source + snippet("14");
}

std::vector<Example> examples() {
  std::vector<Example> all;
  all.push_back({.name = "a hundred failed logins of one computer within an hour",
                 .file = "spec/examples/correlation/event_count.yml",
                 .more = base_with_id(kFailedLogin, "EventID: 4625"),
                 .rule = "0e95725d-7320-415d-80f7-004da920fc11",
                 .events = "  e: {EventID: 4625, ComputerName: pc}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: e, at: 0, repeat: 100, every: 36s}]\n"
                          "    expect: [{group: pc, first: 3564s, triggers: 1}]\n"
                          "  - name: one less\n"
                          "    arrive: [{event: e, at: 0, repeat: 99, every: 1s}]\n"
                          "    expect: []\n"
                          "  - name: slower\n"
                          "    arrive: [{event: e, at: 0, repeat: 200, every: 37s}]\n"
                          "    expect: []\n"
                          "  - name: two computers\n"
                          "    arrive:\n"
                          "      - {event: e, at: 0, repeat: 99, every: 1s}\n"
                          "      - {event: e, at: 0, repeat: 99, every: 1s, with: {ComputerName: other}}\n"
                          "    expect: []\n"});
  all.push_back({.name = "the same over another taxonomy's names",
                 .file = "spec/examples/correlation/event_count_ecs.yml",
                 .more = base_with_id(kFailedLogin, "event.outcome: failure"),
                 .rule = "0e95725d-7320-415d-80f7-004da920fc11",
                 .events = "  e: {event: {outcome: failure}, dns: {question: {name: example.com}}}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: e, at: 0, repeat: 100, every: 1s}]\n"
                          "    expect: [{group: example.com, first: 99s, triggers: 1}]\n"
                          "  - name: one less\n"
                          "    arrive: [{event: e, at: 0, repeat: 99, every: 1s}]\n"
                          "    expect: []\n",
                 .warnings = {"unknown-taxonomy"}});
  all.push_back({.name = "a hundred users fail to log in between two machines within a day",
                 .file = "spec/examples/correlation/value_count.yml",
                 .more = base_with_id(kFailedLogin, "EventID: 4625"),
                 .rule = "0e95725d-7320-415d-80f7-004da920fc12",
                 .events = "  e: {EventID: 4625, ComputerName: pc, WorkstationName: ws, User: eve}\n",
                 .cases = "  - name: fires\n    arrive:\n" + with_values(100, "User") +
                          "    expect: [{group: [pc, ws], first: 99s, triggers: 1}]\n"
                          "  - name: one less\n    arrive:\n" +
                          with_values(99, "User") +
                          "    expect: []\n"
                          "  - name: one user, often\n"
                          "    arrive: [{event: e, at: 0, repeat: 1000, every: 1s}]\n"
                          "    expect: []\n"});
  all.push_back({.name = "three commands in any order",
                 .file = "spec/examples/correlation/temporal.yml",
                 .more = kRecon,
                 .events = kReconEvents,
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: c, at: 0}, {event: a, at: 1m}, {event: b, at: 4m}]\n"
                          "    expect: [{group: [pc, eve], first: 4m, triggers: 1}]\n"
                          "  - name: one of them is missing\n"
                          "    arrive: [{event: c, at: 0}, {event: a, at: 1m}, {event: a, at: 4m}]\n"
                          "    expect: []\n"
                          "  - name: it takes too long\n"
                          "    arrive: [{event: c, at: 0}, {event: a, at: 1m}, {event: b, at: 5m}]\n"
                          "    expect: []\n"
                          "  - name: another user\n"
                          "    arrive: [{event: c, at: 0}, {event: a, at: 1m}, {event: b, at: 4m, with: {User: bob}}]\n"
                          "    expect: []\n"});
  all.push_back({.name = "three commands in their order",
                 .file = "spec/examples/correlation/temporal_ordered.yml",
                 .more = kRecon,
                 .events = kReconEvents,
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: a, at: 0}, {event: b, at: 1m}, {event: c, at: 4m}]\n"
                          "    expect: [{group: [pc, eve], first: 4m, triggers: 1}]\n"
                          "  - name: fires however they arrive\n"
                          "    arrive: [{event: c, at: 4m}, {event: b, at: 1m}, {event: a, at: 0}]\n"
                          "    expect: [{first: 4m, triggers: 1}]\n"
                          "  - name: two of one second are in any order\n"
                          "    arrive: [{event: a, at: 0}, {event: c, at: 1m}, {event: b, at: 1m}]\n"
                          "    expect: [{first: 1m}]\n"
                          "  - name: another order\n"
                          "    arrive: [{event: b, at: 0}, {event: a, at: 1m}, {event: c, at: 4m}]\n"
                          "    expect: []\n"});
  all.push_back({.name = "more than a million bytes to a website within an hour",
                 .file = "spec/examples/correlation/value_sum.yml",
                 .more = base("website_access", "c-uri: '*'"),
                 .events = "  e: {c-uri: /, SourceIP: 192.0.2.1, User: eve, bytes_sent: 500000}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 59m, with: {bytes_sent: 500001}}]\n"
                          "    expect: [{group: [192.0.2.1, eve], first: 59m, triggers: 1}]\n"
                          "  - name: a million\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 59m}]\n"
                          "    expect: []\n"
                          "  - name: not within the hour\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 60m, with: {bytes_sent: 500001}}]\n"
                          "    expect: []\n"});
  all.push_back({.name = "more than 500 bytes on average",
                 .file = "spec/examples/correlation/value_avg.yml",
                 .more = base("rule_a_id", "c-uri: '*'"),
                 .events = "  e: {c-uri: /, SourceIP: 192.0.2.1, User: eve, BytesOut: 400}\n",
                 .cases = "  - name: fires once no other event can come\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 5m, with: {BytesOut: 601}}, {advance: 31m}]\n"
                          "    expect: [{group: [192.0.2.1, eve], first: 5m, triggers: 1}]\n"
                          "  - name: until then it waits\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 5m, with: {BytesOut: 601}}]\n"
                          "    expect: []\n"
                          "  - name: a late one brings it down\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 5m, with: {BytesOut: 601}},"
                          " {event: e, at: 4m}, {advance: 31m}]\n"
                          "    expect: []\n"
                          "  - name: 500 on average\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 5m, with: {BytesOut: 600}}, {advance: 31m}]\n"
                          "    expect: []\n"});
  all.push_back({.name = "a percentile that is not named",
                 .file = "spec/examples/correlation/value_percentile.yml",  // names are no numbers
                 .more = base("process_creation", "EventID: 1"),
                 .events = "  e: {EventID: 1, ComputerName: pc, Image: whoami.exe}\n",
                 .cases = "  - name: names take no part\n"
                          "    arrive: [{event: e, at: 0, repeat: 5, every: 1m}, {advance: 2d}]\n"
                          "    expect: []\n"
                          "  - name: the median of numbers is compared\n"
                          "    arrive:\n"
                          "      - {event: e, at: 0, with: {Image: 2}}\n"
                          "      - {event: e, at: 1m, with: {Image: 0}}\n"
                          "      - {event: e, at: 2m, with: {Image: 3}}\n"
                          "      - {advance: 2d}\n"
                          "    expect: [{group: pc, first: 1m, triggers: 1}]\n",
                 .warnings = {"percentile-not-named"}});
  all.push_back({.name = "aliases join the two ends of a connection",
                 .more = joined(),
                 .rule = "joined",
                 .events = "  error: {http: {response: {status_code: 500}}, destination: {ip: 10.0.0.1},"
                           " source: {ip: 192.0.2.1}}\n"
                           "  connection: {event: {category: network, type: connection, outcome: success},"
                           " source: {ip: 10.0.0.1}, destination: {ip: 192.0.2.1}}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: error, at: 0}, {event: connection, at: 9s}]\n"
                          "    expect: [{group: [10.0.0.1, 192.0.2.1], first: 9s, triggers: 1}]\n"
                          "  - name: too late\n"
                          "    arrive: [{event: error, at: 0}, {event: connection, at: 10s}]\n"
                          "    expect: []\n"
                          "  - name: to another address\n"
                          "    arrive: [{event: error, at: 0},"
                          " {event: connection, at: 9s, with: {destination.ip: 192.0.2.2}}]\n"
                          "    expect: []\n"
                          "  - name: the same end twice\n"
                          "    arrive: [{event: error, at: 0}, {event: connection, at: 9s,"
                          " with: {source.ip: 192.0.2.1, destination.ip: 10.0.0.1}}]\n"
                          "    expect: []\n"});
  all.push_back({.name = "ten failed logins and a successful one",
                 .file = "spec/snippets/correlation-16.yml",
                 .rule = "b180ead8-d58f-40b2-ae54-c8940995b9b6",
                 .events = "  failed: {EventID: 4625, User: eve}\n  success: {EventID: 4624, User: eve}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: failed, at: 0, repeat: 10, every: 50s}, {event: success, at: 10m}]\n"
                          "    expect:\n"
                          "      - {group: eve, first: 10m, triggers: 1, level: high}\n"
                          "  - name: nine\n"
                          "    arrive: [{event: failed, at: 0, repeat: 9, every: 50s}, {event: success, at: 10m}]\n"
                          "    expect: []\n"
                          "  - name: the success comes first\n"
                          "    arrive: [{event: success, at: 0}, {event: failed, at: 1s, repeat: 10, every: 50s}]\n"
                          "    expect: []\n"
                          "  - name: somebody else's\n"
                          "    arrive: [{event: failed, at: 0, repeat: 10, every: 50s},"
                          " {event: success, at: 10m, with: {User: bob}}]\n"
                          "    expect: []\n",
                 .warnings = {"missing-level"}});
  all.push_back({.name = "CloudTrail: three failed logins from one address",
                 .file = "aws/correlation/aws_cloudtrail_many_failed_logins.yml",
                 .rule = "68f8de62-97cd-4a9a-afba-7804fddf43d4",
                 .events = "  e: {eventSource: signin.amazonaws.com, eventName: ConsoleLogin,"
                           " responseElements: {ConsoleLogin: Failure}, sourceIPAddress: 192.0.2.1}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: e, at: 0, repeat: 3, every: 2m}]\n"
                          "    expect: [{group: 192.0.2.1, first: 4m, triggers: 1, level: high}]\n"
                          "  - name: slower\n"
                          "    arrive: [{event: e, at: 0, repeat: 9, every: 150s}]\n"
                          "    expect: []\n"
                          "  - name: from another address each\n"
                          "    arrive: [{event: e, at: 0, repeat: 2},"
                          " {event: e, at: 1s, with: {sourceIPAddress: 192.0.2.2}}]\n"
                          "    expect: []\n",
                 .warnings = {"title-reference"}});
  all.push_back({.name = "CloudTrail: three different calls of reconnaissance within a minute",
                 .file = "aws/correlation/aws_cloudtrail_many_recon_events.yml",
                 .rule = "08d8b077-cc1c-4b74-8e9c-e07f84b203f0",
                 .events = "  e: {eventSource: iam.amazonaws.com, eventName: ListUsers,"
                           " userIdentity: {arn: 'arn:aws:iam::111122223333:user/eve'}}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 30s, with: {eventName: ListRoles}},"
                          " {event: e, at: 59s, with: {eventName: GetUser}}]\n"
                          "    expect: [{group: 'arn:aws:iam::111122223333:user/eve', first: 59s, triggers: 1}]\n"
                          "  - name: two different ones, often\n"
                          "    arrive: [{event: e, at: 0, repeat: 20, every: 1s},"
                          " {event: e, at: 30s, repeat: 20, every: 1s, with: {eventName: ListRoles}}]\n"
                          "    expect: []\n"
                          "  - name: slower\n"
                          "    arrive: [{event: e, at: 0}, {event: e, at: 30s, with: {eventName: ListRoles}},"
                          " {event: e, at: 60s, with: {eventName: GetUser}}]\n"
                          "    expect: []\n",
                 .warnings = {"title-reference"}});
  all.push_back({.name = "CloudTrail: a user and an access key from one address and key",
                 .file = "aws/correlation/aws_cloudtrail_iam_persistence_chain.yml",
                 .rule = "8e0f2a4b-6c7d-9e1f-3a5b-7c8d9e0f1a2b",
                 .events = "  user: {eventSource: iam.amazonaws.com, eventName: CreateUser, sourceIPAddress: 192.0.2.1,"
                           " userIdentity: {accessKeyId: AKIAEXAMPLE}}\n"
                           "  key: {eventSource: iam.amazonaws.com, eventName: CreateAccessKey,"
                           " sourceIPAddress: 192.0.2.1, userIdentity: {accessKeyId: AKIAEXAMPLE}}\n",
                 .cases = "  - name: fires\n"
                          "    arrive: [{event: user, at: 0}, {event: key, at: 9m}]\n"
                          "    expect: [{group: [192.0.2.1, AKIAEXAMPLE], first: 9m, triggers: 1, level: critical}]\n"
                          "  - name: the key first\n"
                          "    arrive: [{event: key, at: 0}, {event: user, at: 9m}]\n"
                          "    expect: []\n"
                          "  - name: too late\n"
                          "    arrive: [{event: user, at: 0}, {event: key, at: 10m}]\n"
                          "    expect: []\n"
                          "  - name: denied\n"
                          "    arrive: [{event: user, at: 0}, {event: key, at: 9m, with: {errorCode: AccessDenied}}]\n"
                          "    expect: []\n",
                 .warnings = {"title-reference"}});
  return all;
}

TEST(SpecificationExamples, BehaveAsTheirTextSays) {
  if (!fs::exists(tests::shared("data/sigma/spec"))) GTEST_SKIP() << tests::missing("data/sigma/spec");
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.name);
    const tests::TemporaryFolder folder;
    const auto path = tests::shared("data/sigma") / example.file;
    if (!example.file.empty()) folder.write("example.yml", tests::read_file(path));
    if (!example.more.empty()) folder.write("more.yml", example.more.substr(4));
    folder.write("example.test.yml", "rule: " + std::string(example.rule.empty() ? "example.yml" : example.rule) +
                                         "\nevents:\n" + example.events + "cases:\n" + example.cases);
    LoadOptions options;
    options.any_log_source = true;
    const auto report = run_rule_tests({folder.path().string()}, options);
    ASSERT_TRUE(report) << report.error().message;
    for (const auto& problem : report->problems.all()) ADD_FAILURE() << problem.at.line << " " << problem.message;
    EXPECT_GE(report->results.size(), 2U);
    for (const auto& result : report->results) {
      EXPECT_EQ(result.outcome, TestResult::Outcome::kPassed) << result.name << ": " << result.message;
      for (const auto& line : result.details) ADD_FAILURE() << line;
    }
    std::set<std::string_view> said;
    for (const auto& diagnostic : report->loaded.diagnostics.all()) said.insert(diagnostic.code->code);
    EXPECT_EQ(said, example.warnings);
  }
}

}  // namespace
}  // namespace tripline::rules
