#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/support/identities.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::account;
using tests::assume;
using tests::call;
using tests::key;
using tests::lines_of;
using tests::run_program;
using tests::session;
using tests::user;

/// Alice of account 2 enters Deploy there, and from it Admin of account 1; Bob enters Admin too, calling his session
/// alice. Delivered in two files, the mints after their use.
class Timeline : public testing::Test {
 protected:
  static std::string in(char where, std::string_view record) {
    return std::string(record.substr(0, record.size() - 1)) + R"(,"recipientAccountId":")" + account(where) + "\"}\n";
  }

  tests::Run timeline(std::vector<std::string> words) {
    words.insert(words.begin(), "timeline");
    words.push_back((folder_.path() / "logs").string());
    return run_program(words);
  }

  /// The calls and their hops, in order.
  std::vector<std::string> calls(std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "csv"});
    const auto run = timeline(words);
    EXPECT_EQ(run.code, 0) << run.err;
    std::vector<std::string> out;
    for (const auto& line : lines_of(run.out)) {
      std::vector<std::string> cells;
      for (std::size_t at = 0; cells.size() < 8; at = line.find(',', at) + 1) {
        cells.push_back(line.substr(at, line.find(',', at) - at));
      }
      out.push_back(cells[1] + " " + cells[7]);
    }
    out.erase(out.begin());
    return out;
  }

  const std::string deploy_ =
      session({.account = '2', .role = "Deploy", .name = "ci", .access_key = key("DEPLOY"), .created = kDeployed});
  const std::string admin_ =
      session({.account = '1', .role = "Admin", .name = "ci", .access_key = key("ADMIN"), .created = kEntered});
  const std::string bobs_ =
      session({.account = '1', .role = "Admin", .name = "alice", .access_key = key("BOBS"), .created = kEntered});

  static constexpr char kDeployed[] = "2026-01-15T10:00:00Z";
  static constexpr char kEntered[] = "2026-01-15T10:05:00Z";

  tests::TemporaryFolder folder_;
  std::string used_ = folder_.write(
      "logs/1.json",
      in('1', call("2026-01-15T10:50:00Z", admin_, "TerminateInstances",
                   R"(,"readOnly":false,"requestParameters":{"instancesSet":{"items":[{"instanceId":"i-0abc"}]}})")) +
          in('1',
             call(
                 "2026-01-15T10:06:00Z", admin_, "DeleteVolume",
                 R"(,"readOnly":false,"errorCode":"Client.UnauthorizedOperation","errorMessage":"no","requestParameters":null)")) +
          in('2', call("2026-01-15T10:01:00Z", deploy_, "DescribeRegions", R"(,"readOnly":true)")) +
          in('2', call("2026-01-15T09:59:00Z", user('2', "alice"), "DescribeVpcs", R"(,"readOnly":true)")) +
          in('1', call("2026-01-15T10:07:00Z", bobs_, "CreateTags", R"(,"readOnly":false)")));
  std::string minted_ = folder_.write("logs/2.json", assume({.time = kEntered,
                                                             .identity = deploy_,
                                                             .account = '1',
                                                             .role = "Admin",
                                                             .session = "ci",
                                                             .access_key = key("ADMIN"),
                                                             .recipient = '2'}) +
                                                         "\n" +
                                                         assume({.time = kEntered,
                                                                 .identity = user('2', "bob"),
                                                                 .account = '1',
                                                                 .role = "Admin",
                                                                 .session = "alice",
                                                                 .access_key = key("BOBS"),
                                                                 .recipient = '2'}) +
                                                         "\n" +
                                                         assume({.time = kDeployed,
                                                                 .identity = user('2', "alice"),
                                                                 .account = '2',
                                                                 .role = "Deploy",
                                                                 .session = "ci",
                                                                 .access_key = key("DEPLOY")}) +
                                                         "\n");
};

TEST_F(Timeline, FollowsAnIdentityThroughEveryRoleInEveryAccountInOrderOfTime) {
  EXPECT_EQ(calls({"alice"}), (std::vector<std::string>{"0 DescribeVpcs", "0 AssumeRole", "1 DescribeRegions",
                                                        "1 AssumeRole", "2 DeleteVolume", "2 TerminateInstances"}));
}

TEST_F(Timeline, TakesNamesRolesArnsAndKeys) {
  const struct {
    std::string principal;
    std::vector<std::string> calls;
  } cases[] = {
      {"ALICE",
       {"0 DescribeVpcs", "0 AssumeRole", "1 DescribeRegions", "1 AssumeRole", "2 DeleteVolume",
        "2 TerminateInstances"}},
      {"user/bob", {"0 AssumeRole", "1 CreateTags"}},
      {"user/ops/bob", {"0 AssumeRole", "1 CreateTags"}},
      {"bob@" + account('2'), {"0 AssumeRole", "1 CreateTags"}},
      {"bob@" + account('1'), {}},
      {"role/bob", {}},
      {"arn:aws:iam::" + account('2') + ":user/bob", {"0 AssumeRole", "1 CreateTags"}},
      {"AKIAbob", {"0 AssumeRole", "1 CreateTags"}},
      {"Deploy", {"0 DescribeRegions", "0 AssumeRole", "1 DeleteVolume", "1 TerminateInstances"}},
      {"role/Deploy@" + account('2'), {"0 DescribeRegions", "0 AssumeRole", "1 DeleteVolume", "1 TerminateInstances"}},
      {"role/path/Deploy", {"0 DescribeRegions", "0 AssumeRole", "1 DeleteVolume", "1 TerminateInstances"}},
      {"user/Deploy", {}},
      {"arn:aws:iam::" + account('1') + ":role/path/Admin", {"0 DeleteVolume", "0 CreateTags", "0 TerminateInstances"}},
      {"arn:aws:sts::" + account('1') + ":assumed-role/Admin/ci", {"0 DeleteVolume", "0 TerminateInstances"}},
      {key("BOBS"), {"0 CreateTags"}},
      {"AROAAdminID", {"0 DeleteVolume", "0 CreateTags", "0 TerminateInstances"}},
      {"nobody", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.principal);
    EXPECT_EQ(calls({c.principal}), c.calls);
  }
}

TEST_F(Timeline, FollowsALongTermKeyIntoTheSessionTokensThatWereAskedForWithIt) {
  std::string token = call("2026-01-15T11:00:00Z", user('3', "dave"), "GetSessionToken",
                           R"(,"responseElements":{"credentials":{"accessKeyId":")" + key("TOKEN") + R"("}})");
  token.replace(token.find("ec2.amazonaws.com"), 17, "sts.amazonaws.com");
  const auto by_token = user('3', "dave", key("TOKEN"));
  folder_.write(
      "logs/6.json",
      call("2026-01-15T11:03:00Z", session({.account = '3', .role = "R", .name = "s", .access_key = key("R")})) + "\n" +
          assume({.time = "2026-01-15T11:02:00Z",
                  .identity = by_token,
                  .account = '3',
                  .role = "R",
                  .session = "s",
                  .access_key = key("R")}) +
          "\n" + call("2026-01-15T11:01:00Z", by_token, "DescribeVpcs") + "\n" +
          call("2026-01-15T11:01:30Z", user('3', "dave", key("OTHER")), "DescribeVolumes") + "\n" + token + "\n");
  EXPECT_EQ(calls({"AKIAdave"}),
            (std::vector<std::string>{"0 GetSessionToken", "0 DescribeVpcs", "0 AssumeRole", "1 DescribeRegions"}));
}

TEST_F(Timeline, LeavesOutSessionsThatSomebodyElseNamedSoAndSaysIt) {
  const auto run = timeline({"alice"});
  EXPECT_EQ(run.out.find("CreateTags"), std::string::npos);
  EXPECT_NE(run.err.find("1 call is left out that came from role sessions named alice"), std::string::npos) << run.err;
}

TEST_F(Timeline, BelievesThePersonsNameOfASessionUnlessSomebodyElseChoseIt) {
  const std::string by_name = call(
      "2026-01-15T10:20:00Z",
      session({.account = '1', .role = "AWSReservedSSO_Support_0a1b", .name = "carol", .access_key = key("MAIL")}));
  folder_.write("logs/4.json", by_name + "\n");
  EXPECT_EQ(calls({"carol"}), (std::vector<std::string>{"1 DescribeRegions"})) << "nothing speaks against it";
  folder_.write("logs/5.json", assume({.time = "2026-01-15T10:19:00Z",
                                       .identity = user('2', "bob"),
                                       .account = '1',
                                       .role = "AWSReservedSSO_Support_0a1b",
                                       .session = "carol",
                                       .access_key = key("MAIL")}) +
                                   "\n");
  EXPECT_EQ(calls({"carol"}), std::vector<std::string>{}) << "it was bob";
}

TEST_F(Timeline, DoesNotTakeASessionsNameForAPersonForLookingLikeAMailAddress) {
  folder_.write(
      "logs/4.json",
      call("2026-01-15T10:20:00Z",
           session({.account = '1', .role = "Support", .name = "carol@example.com", .access_key = key("MAIL")})) +
          "\n");
  const auto run = timeline({"carol@example.com"});
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("1 call is left out that came from role sessions named carol@example.com"), std::string::npos)
      << run.err;
}

TEST_F(Timeline, FollowsAChangeOfRoleInTheConsoleFromASession) {
  const std::string role = "AWSReservedSSO_Support_0a1b";
  const std::string left = "arn:aws:sts::" + account('1') + ":assumed-role/" + role + "/frida";
  const auto frida = session({.account = '1', .role = role, .name = "frida", .access_key = key("F")});
  std::string change =
      call("2026-01-15T10:21:00Z", session({.account = '3', .role = "Audit", .name = "frida"}), "SwitchRole",
           R"(,"responseElements":{"SwitchRole":"Success"},"additionalEventData":{"SwitchFrom":")" + left + R"("})");
  change.replace(change.find("ec2.amazonaws.com"), 17, "signin.amazonaws.com");
  folder_.write("logs/4.json", call("2026-01-15T10:22:00Z",
                                    session({.account = '3',
                                             .role = "Audit",
                                             .name = "frida",
                                             .access_key = key("NEW"),
                                             .created = "2026-01-15T10:21:00Z"}),
                                    "DescribeVpcs") +
                                   "\n" + change + "\n" + call("2026-01-15T10:20:00Z", frida) + "\n");
  const std::vector<std::string> all = {"0 DescribeRegions", "1 SwitchRole", "1 DescribeVpcs"};
  const std::string role_arn = "arn:aws:iam::" + account('1') + ":role/";
  for (const auto& name :
       {left, "role/" + role, role_arn + role, role_arn + "path/" + role, role_arn + "path/" + role + "/frida"}) {
    EXPECT_EQ(calls({name}), all) << name;
  }
  for (const std::string name : {"frida", "frida@111111111111", "sso.amazonaws.com/frida"}) {
    EXPECT_EQ(calls({name}), (std::vector<std::string>{"1 DescribeRegions", "2 SwitchRole", "2 DescribeVpcs"})) << name;
  }
}

TEST_F(Timeline, ShowsThePersonOfASamlSignInWithAndWithoutTheEventThatLetThemIn) {
  const auto in = [](std::string_view access_key) {
    return session({.account = '1',
                    .role = "Ops",
                    .name = "gina",
                    .access_key = std::string(access_key),
                    .created = "2026-01-15T12:00:00Z"});
  };
  const std::string idp = "arn:aws:iam::" + account('1') + ":saml-provider/idp";
  std::string login = call(
      "2026-01-15T12:00:01Z", in(""), "ConsoleLogin",
      R"(,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"SamlProviderArn":")" + idp + R"("})");
  login.replace(login.find("ec2.amazonaws.com"), 17, "signin.amazonaws.com");
  const std::string enters = assume({.time = "2026-01-15T12:05:00Z",
                                     .identity = in(key("ROTATED")),
                                     .account = '3',
                                     .role = "Data",
                                     .session = "any",
                                     .access_key = key("DATA")});
  const auto used = session({.account = '3', .role = "Data", .name = "any", .access_key = key("DATA")});
  folder_.write("logs/4.json", login + "\n" + call("2026-01-15T12:06:00Z", used, "DescribeVpcs") + "\n" + enters +
                                   "\n" + call("2026-01-15T12:01:00Z", in(key("ROTATED"))) + "\n");
  std::vector<std::string> all = {"1 ConsoleLogin", "1 DescribeRegions", "1 AssumeRole", "2 DescribeVpcs"};
  for (const std::string& name : {std::string("gina"), idp + "/gina"}) EXPECT_EQ(calls({name}), all) << name;

  std::string let_in =
      assume({.time = "2026-01-15T12:00:00Z",
              .identity = R"({"type":"SAMLUser","principalId":"Q=:00u1","userName":"00u1","identityProvider":"Q="})",
              .account = '1',
              .role = "Ops",
              .session = "gina",
              .access_key = key("ISSUED")});
  let_in.replace(let_in.find("AssumeRole"), 10, "AssumeRoleWithSAML");
  let_in.insert(let_in.find(R"("roleSessionName")"), R"("principalArn":")" + idp + R"(",)");
  folder_.write("logs/5.json", let_in + "\n");
  all.insert(all.begin(), "0 AssumeRoleWithSAML");
  for (const std::string& name : {std::string("gina"), idp + "/gina"}) EXPECT_EQ(calls({name}), all) << name;
}

TEST_F(Timeline, ShowsHopsDenialsAndGapsInATable) {
  const auto run = timeline({"alice", "--format", "table"});
  EXPECT_NE(run.out.find("  ec2 DescribeVpcs "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("    ec2 DescribeRegions "), std::string::npos) << "one hop in\n" << run.out;
  EXPECT_NE(run.out.find("      ec2 DeleteVolume "), std::string::npos) << "two hops in\n" << run.out;
  EXPECT_NE(run.out.find("✗ denied"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("Client.UnauthorizedOperation; no"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("\n… 44 min"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("instanceId=i-0abc"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("6 calls of alice, 1 denied"), std::string::npos) << run.err;
}

TEST_F(Timeline, GivesRecordsAsJsonWithTheirPlaceInIt) {
  const auto run = timeline({"alice"});
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 6U);
  simdjson::dom::parser parser;
  const auto last = parser.parse(lines[5]);
  EXPECT_EQ(std::string_view(last["eventName"]), "TerminateInstances");
  EXPECT_EQ(std::uint64_t(last["tripline"]["timeline"]["hop"]), 2U);
  EXPECT_EQ(std::uint64_t(last["tripline"]["timeline"]["gap_seconds"]), 2640U);
  EXPECT_EQ(std::string_view(last["tripline"]["chain"]["path"]),
            "alice@" + account('2') + " → role/Deploy → role/Admin@" + account('1'));
  const auto first = parser.parse(lines[0]);
  EXPECT_TRUE(first["tripline"]["timeline"]["gap_seconds"].is_null());
  const auto chosen = timeline({"alice", "--fields", "eventName,origin.name"});
  EXPECT_EQ(lines_of(chosen.out)[5], R"({"eventName":"TerminateInstances","origin.name":"alice"})");
}

TEST_F(Timeline, ShowsAFieldOnceAndWarnsOfOneThatNoRecordHas) {
  const auto run = timeline({"alice", "--fields", "eventName,eventNam,eventName"});
  EXPECT_EQ(lines_of(run.out)[5], R"({"eventName":"TerminateInstances","eventNam":null})");
  EXPECT_NE(run.err.find("--fields: CloudTrail has no field eventNam; did you mean eventName?"), std::string::npos)
      << run.err;
}

TEST_F(Timeline, LeavesOutReadsAndOtherTimesWhenItIsAsked) {
  EXPECT_EQ(calls({"Deploy", "--writes"}),
            (std::vector<std::string>{"0 AssumeRole", "1 DeleteVolume", "1 TerminateInstances"}))
      << "a record that does not say whether it only reads stays";
  EXPECT_EQ(calls({"alice", "--from", "2026-01-15T10:05:30Z", "--to", "2026-01-15T10:40:00Z"}),
            (std::vector<std::string>{"2 DeleteVolume"}))
      << "mints before the span count";
}

TEST_F(Timeline, AlsoShowsCallsOfOthersThatANameStandsIn) {
  EXPECT_EQ(calls({"bob", "--involving", "i-0ABC"}),
            (std::vector<std::string>{"0 AssumeRole", "1 CreateTags", " TerminateInstances"}));
  EXPECT_EQ(calls({"nobody", "--involving", "i-0ab"}), std::vector<std::string>{}) << "only whole words";
}

TEST_F(Timeline, SumsUp) {
  const auto run = timeline({"alice", "--summary", "--format", "csv"});
  const auto lines = lines_of(run.out);
  for (const std::string& line : {std::string("call,sts AssumeRole,2,0,2026-01-15T10:00:00Z,2026-01-15T10:05:00Z"),
                                  std::string("call,ec2 DeleteVolume,1,1,2026-01-15T10:06:00Z,2026-01-15T10:06:00Z"),
                                  "key," + key("ADMIN") + ",2,1,2026-01-15T10:06:00Z,2026-01-15T10:50:00Z",
                                  "account," + account('2') + ",4,0,2026-01-15T09:59:00Z,2026-01-15T10:05:00Z",
                                  std::string("region,us-east-1,6,1,2026-01-15T09:59:00Z,2026-01-15T10:50:00Z")}) {
    EXPECT_NE(std::find(lines.begin(), lines.end(), line), lines.end()) << line << "\nnot in\n" << run.out;
  }
}

TEST_F(Timeline, IsTheSameForAnyNumberOfThreadsAndShowsEachEventOnce) {
  folder_.write("logs/3.json", tests::read_file(used_));
  const auto one = timeline({"alice", "--threads", "1"});
  EXPECT_EQ(lines_of(one.out).size(), 6U);
  EXPECT_NE(one.err.find("4 events were delivered twice"), std::string::npos) << one.err;
  EXPECT_EQ(timeline({"alice", "--threads", "4"}).out, one.out);
}

TEST_F(Timeline, TellsTheStoryOfTheRealIntruderCompletely) {
  const auto logs = tests::shared("data/cloudtrail/sans504");
  if (!std::filesystem::exists(logs)) GTEST_SKIP() << tests::missing("data/cloudtrail/sans504");
  const auto run = run_program({"timeline", "jmerckle", "--format", "csv", "--fields",
                                "eventTime,eventName,outcome,sourceIPAddress,actor.name", logs.string()});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 1 + 37U);
  EXPECT_EQ(lines[1], "2021-07-29T13:02:53Z,GetCallerIdentity,success,3.238.12.183,jmerckle");
  EXPECT_EQ(lines[25], "2021-07-29T13:06:49Z,PutUserPolicy,success,3.238.12.183,jmerckle");
  EXPECT_EQ(lines[30], "2021-07-29T13:10:42Z,CreateAccessKey,success,3.238.12.183,jmerckle");
  EXPECT_EQ(lines[37], "2021-07-29T14:01:48Z,GetBucketVersioning,success,3.238.12.183,jmerckle");
  std::size_t denied = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_NE(lines[i].find("3.238.12.183,jmerckle"), std::string::npos) << lines[i];
    EXPECT_GE(lines[i].substr(0, 20), lines[i - (i > 1)].substr(0, i > 1 ? 20 : 0));
    if (lines[i].find(",denied,") != std::string::npos) ++denied;
  }
  EXPECT_EQ(denied, 4U);
  EXPECT_NE(run.err.find("37 calls of jmerckle, 4 denied"), std::string::npos) << run.err;
}

TEST_F(Timeline, OfNobodySaysWhoMayHaveBeenMeant) {
  const struct {
    std::string principal, hint;
  } cases[] = {
      {"alise", "hint: names are taken whole; did you mean alice?\n"},
      {"role/deplyo", "hint: names are taken whole; did you mean Deploy?\n"},
      {"lic", "hint: names are taken whole; did you mean alice?\n"},
      {"bob@" + account('1'), "hint: names are taken whole; did you mean bob?\n"},
      {"mallory",
       "hint: no name among these calls is like it; `tripline search` finds where a word stands in any record\n"},
  };
  for (const auto& c : cases) {
    const auto run = timeline({c.principal});
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_TRUE(run.err.ends_with("0 calls of " + c.principal + "\n" + c.hint)) << run.err;
  }
}

TEST_F(Timeline, WantsAPrincipalBeforeItsPaths) {
  for (const std::string principal : {"", " "}) {
    const auto run = timeline({principal});
    EXPECT_EQ(run.code, 3);
    EXPECT_TRUE(run.err.starts_with("tripline: timeline: PRINCIPAL is empty\n")) << run.err;
  }
  const std::string logs = (folder_.path() / "logs").string();
  const auto swapped = run_program({"timeline", logs, "alice"});
  EXPECT_EQ(swapped.code, 3);
  EXPECT_TRUE(swapped.err.starts_with("tripline: timeline: " + logs +
                                      " is a path, and alice is none: the principal comes first\n"))
      << swapped.err;
}

}  // namespace
}  // namespace tripline
