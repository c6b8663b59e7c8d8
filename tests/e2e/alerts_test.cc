// Signals on their way to receivers, through a real `tripline serve`: killed, restarted, with receivers that are down.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "alerts/outbox.h"
#include "engine/json_text.h"
#include "tests/support/http_client.h"
#include "tests/support/message_receiver.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/prometheus.h"
#include "tests/support/real_logs.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

using tests::MessageReceiver;
using tests::run_program;
using tests::Serving;

/// Each change by itself, at once.
constexpr std::string_view kNoPace = "group_interval: 0s, digest_above: 0, repeat_interval: 0s";

std::string webhook(const std::string& name, const std::string& url) {
  return "  - name: " + name + "\n    webhook: {url: \"" + url + "/hook\", allow: [127.0.0.1]}\n";
}
std::string sns(const std::string& name, const std::string& url) {
  return "  - name: " + name + "\n    sns: {topic_arn: \"arn:aws:sns:us-east-1:111122223333:alerts\", endpoint: \"" +
         url + "\", allow: [127.0.0.1]}\n";
}

std::string record(int id, int user, const std::string& address) {
  const std::string name = "user-" + std::to_string(user);
  return R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"CreateUser",)"
         R"("eventSource":"iam.amazonaws.com","awsRegion":"us-east-1","eventID":"e)" +
         std::to_string(id) + R"(","sourceIPAddress":")" + address +
         R"(","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","userName":")" + name +
         R"(","arn":"arn:aws:iam::111122223333:user/)" + name + R"(","accountId":"111122223333"}})";
}

class ServeAlerts : public testing::Test {
 protected:
  void configure(const std::string& more) {
    config_ =
        folder_.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: " + data_ + "}\n" + more);
  }

  std::string store() const { return data_ + "/store.db"; }

  /// A folder with every second file of the logs, in order of their paths.
  std::string half_of(const std::string& logs) const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(logs)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    const auto half = folder_.path() / "half";
    std::filesystem::create_directories(half);
    for (std::size_t i = 0; i < files.size(); i += 2) {
      std::filesystem::copy_file(files[i], half / (std::to_string(i) + ".json.gz"));
    }
    return half.string();
  }

  /// What the log of transitions has, but closings.
  std::vector<alerts::SignalChange> changes() const {
    auto all = alerts::Outbox(store(), nullptr).changes(0, 1'000'000).value();
    std::erase_if(all, [](const auto& one) { return one.change == alerts::Change::kClosed; });
    return all;
  }

  tests::TemporaryFolder folder_{tests::memory_folder()};
  std::string data_ = (folder_.path() / "data").string();
  std::string config_;
};

TEST_F(ServeAlerts, LoseNothingWhileAReceiverIsDownAndTheServerIsKilled) {
  folder_.write("rules/user_created.yml",
                "title: User Created\nid: 3c4c1c5e-52f7-44b1-a1c1-0c8f0a0f4a01\nlevel: high\n"
                "logsource: {product: aws, service: cloudtrail}\n"
                "detection: {s: {eventName: CreateUser}, condition: s}\n");
  MessageReceiver down(MessageReceiver::Kind::kWebhook), up(MessageReceiver::Kind::kWebhook);
  configure("rules: {paths: rules}\nsinks:\n" + webhook("down", down.url()) + webhook("up", up.url()) +
            "routes:\n  - {sinks: [down, up], changes: [opened, widened, updated], " + std::string(kNoPace) + "}\n");
  down.be_down(true);
  std::mt19937 random(7);
  int id = 0;
  std::size_t told_before = 0;
  for (int life = 0; life < 5; ++life) {
    SCOPED_TRACE(life);
    Serving server({"-c", config_});
    for (int i = 0; i < 30; ++i, ++id) {
      tests::HttpClient client(server.port());
      const auto answer =
          client.ask(tests::post("/v1/events", record(id, id % 7, "192.0.2." + std::to_string(id % 9))));
      ASSERT_TRUE(answer && answer->status == 200) << server.said();
    }
    // The healthy receiver hears of all that is committed, though the other one has not taken anything yet.
    EXPECT_TRUE(up.wait_for(static_cast<std::size_t>(id)));
    EXPECT_TRUE(down.taken().empty());
    // In the middle of what comes next, and of the other receiver's attempts.
    const int more = static_cast<int>(random() % 20);
    for (int i = 0; i < more; ++i, ++id) {
      tests::HttpClient client(server.port());
      client.ask(tests::post("/v1/events", record(id, id % 7, "192.0.2." + std::to_string(id % 9))));
    }
    told_before = up.taken().size();
    server.send_signal(SIGKILL);
    server.wait();
  }
  down.be_down(false);
  Serving server({"-c", config_});
  std::map<std::string, std::vector<std::string>> sent;  // keys by signal, in order
  for (const alerts::SignalChange& change : changes()) {
    const std::string& signal = change.signal->id;
    sent[signal].push_back(signal + "." + std::to_string(change.number));
  }
  EXPECT_GE(told_before, 150u);
  EXPECT_EQ(changes().size(), static_cast<std::size_t>(id)) << "each event changed some signal";
  for (MessageReceiver* receiver : {&down, &up}) {
    EXPECT_TRUE(receiver->wait_for(static_cast<std::size_t>(id))) << server.said();
    std::map<std::string, std::vector<std::string>> received;
    for (const auto& taken : receiver->taken()) received[taken.signal].push_back(taken.key);
    EXPECT_EQ(received, sent) << "each once, and those of a group in order";
  }
  const auto listed = run_program({"outbox", "list", "--url", server.url()});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, testing::ContainsRegex("down +0 +0 +0")) << listed.out;
  EXPECT_EQ(server.stop(), 0) << server.said();
}

TEST_F(ServeAlerts, ParkAndTryAgainByCommand) {
  folder_.write("rules/user_created.yml",
                "title: User Created\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\n"
                "detection: {s: {eventName: CreateUser}, condition: s}\n");
  bool refuses = true;
  std::mutex mutex;
  std::vector<std::string> bodies;
  tests::ScriptedServer receiver([&](const connectors::net::HttpRequest& request) {
    const std::lock_guard lock(mutex);
    bodies.push_back(request.body);
    return refuses ? tests::ScriptedAnswer{.status = 400, .body = "no such field"} : tests::ScriptedAnswer{};
  });
  configure("rules: {paths: rules}\nsinks:\n" + webhook("soc", receiver.url()) + "routes:\n  - {sinks: [soc], " +
            std::string(kNoPace) + "}\n");
  Serving server({"-c", config_});
  const std::vector<std::string> where = {"--url", server.url()};
  const auto outbox = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "outbox");
    words.insert(words.end(), where.begin(), where.end());
    return run_program(words);
  };
  tests::HttpClient client(server.port());
  ASSERT_EQ(client.ask(tests::post("/v1/events", record(1, 1, "192.0.2.1") + "\n" + record(2, 2, "192.0.2.1")))->status,
            200);
  while (outbox({"list", "--json"}).out.find("\"parked\":2") == std::string::npos) {
  }
  const std::string listed = outbox({"list", "--parked"}).out;
  EXPECT_THAT(listed, testing::HasSubstr("it refuses the message: no such field")) << listed;
  EXPECT_EQ(outbox({"drop", "1"}).out, "1 delivery dropped\n");
  {
    const std::lock_guard lock(mutex);
    refuses = false;
  }
  EXPECT_EQ(outbox({"retry", "--sink", "soc"}).out, "1 delivery will be tried again\n");
  while (outbox({"list", "--json"}).out.find("\"delivered\":1") == std::string::npos) {
  }
  const auto wrong = outbox({"retry"});
  EXPECT_EQ(wrong.code, 3);
  EXPECT_THAT(wrong.err, testing::HasSubstr("name deliveries by ID, or --sink"));
  const auto status = run_program({"status", "--url", server.url()});
  EXPECT_THAT(status.out, testing::HasSubstr("outbox      0 to deliver\n")) << status.out;
}

// --- the main job ---

constexpr std::string_view kKeys =
    "AWS_ACCESS_KEY_ID=TRIPLINETESTKEY00001 AWS_SECRET_ACCESS_KEY=a-secret-for-tests-only-0001 "
    "AWS_DEFAULT_REGION=us-east-1 ";

int run_shell(const std::string& command) { return WEXITSTATUS(std::system(command.c_str())); }

/// Ids of the signals that `scan` opens of single-event rules and that are told by default.
std::set<std::string> signals_of_scan(const std::string& logs) {
  const auto scanned = run_program({"scan", "--quiet", "--level", "medium", "--format", "ndjson", logs});
  EXPECT_EQ(scanned.code, 0) << scanned.err;
  std::set<std::string> ids;
  for (const std::string& line : tests::lines_of(scanned.out)) {
    const auto at = line.find("\"id\":\"");
    if (line.find("\"kind\":\"detection\"") != std::string::npos && at != std::string::npos) {
      ids.insert(line.substr(at + 6, 32));
    }
  }
  return ids;
}

/// Sends each record of the files as Data Firehose's API wants it: 500 a call.
constexpr std::string_view kPutScript = R"(
import boto3, gzip, json, pathlib, sys
url, logs = sys.argv[1:]
records = []
for path in sorted(pathlib.Path(logs).rglob('*')):
    if not path.is_file(): continue
    data = path.read_bytes()
    text = gzip.decompress(data) if data[:2] == b'\x1f\x8b' else data
    try: parsed = json.loads(text)
    except ValueError: continue
    records += [json.dumps(r).encode() for r in parsed.get('Records', [])]
client = boto3.client('firehose', endpoint_url=url)
for start in range(0, len(records), 400):
    batch = [{'Data': r} for r in records[start:start + 400]]
    answer = client.put_record_batch(DeliveryStreamName='trail', Records=batch)
    assert answer['FailedPutCount'] == 0, answer
)";

/// Has an AWS client put all records below a folder; its exit code.
int put_records(const Serving& server, const std::string& logs) {
  const tests::TemporaryFolder folder;
  const std::string put = folder.write("put.py", std::string(kPutScript));
  return run_shell(std::string(kKeys) + "/usr/bin/python3 " + put + " " + server.url() + " " + logs);
}

/// Checks by botocore, which has a signer of its own, what was sent to SNS; a request a line.
constexpr std::string_view kVerifyScript = R"(
import json, sys
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
count = 0
for line in open(sys.argv[1]):
    sent = json.loads(line)
    headers = {name.lower(): value for name, value in sent['headers']}
    given = headers['authorization']
    signed = given.split('SignedHeaders=')[1].split(',')[0].split(';')
    request = AWSRequest(method='POST', url='http://' + headers['host'] + sent['target'], data=sent['body'].encode(),
                         headers={name: headers[name] for name in signed})
    request.context['timestamp'] = headers['x-amz-date']
    auth = SigV4Auth(Credentials(sys.argv[2], sys.argv[3]), 'sns', 'us-east-1')
    made = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    assert given.endswith('Signature=' + made), (given, made)
    count += 1
assert count > 0
)";

std::string as_line(const connectors::net::HttpRequest& request) {
  engine::JsonText json;
  json.begin_object().member("target", request.head.target).key("headers").begin_array();
  for (const auto& [name, value] : request.head.headers) json.begin_array().string(name).string(value).end_array();
  json.end_array().member("body", request.body).end_object();
  return json.take() + "\n";
}

TEST_F(ServeAlerts, DoTheMainJob) {
  const bool boto3 = run_shell("/usr/bin/python3 -c 'import boto3' 2> /dev/null") == 0;
  if (!boto3) GTEST_SKIP() << "boto3 (python3-boto3) is missing";
  const std::string logs = (tests::repository() / "docs/samples/logs/AWSLogs").string();
  MessageReceiver hook(MessageReceiver::Kind::kWebhook), topic(MessageReceiver::Kind::kSns);
  configure(
      "sources:\n  aws:\n    credentials:\n      - {access_key_id: TRIPLINETESTKEY00001, secret_access_key: "
      "a-secret-for-tests-only-0001}\n"
      "sinks:\n" +
      webhook("hook", hook.url()) + sns("topic", topic.url()) + "routes:\n  - {sinks: [hook, topic], " +
      std::string(kNoPace) + "}\n");
  ::setenv("AWS_ACCESS_KEY_ID", MessageReceiver::kKeyId, 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", MessageReceiver::kSecret, 1);
  const std::string verify = folder_.write("verify.py", std::string(kVerifyScript));

  // The first half; the server dies when both receivers have messages that they have not said so of.
  hook.fall_silent_after(1);
  topic.fall_silent_after(0);
  {
    Serving server({"-c", config_});
    EXPECT_EQ(put_records(server, half_of(logs)), 0) << server.said();
    EXPECT_TRUE(hook.wait_for(2));
    EXPECT_TRUE(topic.wait_for(1));
    server.send_signal(SIGKILL);
    server.wait();
  }
  const auto waiting = alerts::Outbox(store(), nullptr).counts().value();
  ASSERT_EQ(waiting.size(), 2u) << "it died amid deliveries to both";
  hook.fall_silent_after(SIZE_MAX);
  topic.fall_silent_after(SIZE_MAX);

  // After the restart everything again, as the client has no answer for some of it; beside a Prometheus.
  Serving server({"-c", config_});
  EXPECT_EQ(put_records(server, logs), 0) << server.said();

  const std::set<std::string> expected = signals_of_scan(logs);
  EXPECT_GT(expected.size(), 5u);
  for (MessageReceiver* receiver : {&hook, &topic}) {
    std::set<std::string> opened, twice;
    for (bool all = false; !all;) {
      const std::size_t before = receiver->taken().size();
      opened.clear();
      twice.clear();
      for (const auto& taken : receiver->taken()) {
        if (taken.type == "signal.opened" && !opened.insert(taken.signal).second) twice.insert(taken.signal);
      }
      all = std::includes(opened.begin(), opened.end(), expected.begin(), expected.end()) ||
            !receiver->wait_for(before + 1);
    }
    EXPECT_THAT(opened, testing::IsSupersetOf(expected)) << "nothing is lost";
    EXPECT_THAT(twice, testing::IsEmpty()) << "nothing is doubled";
    EXPECT_GE(receiver->repeated(), 1u) << "what was under way came again, with its key";
  }
  EXPECT_EQ(topic.forged(), 0u);
  std::ofstream requests(folder_.path() / "requests");
  for (const auto& request : topic.requests()) requests << as_line(request);
  requests.close();
  EXPECT_EQ(run_shell("/usr/bin/python3 " + verify + " " + (folder_.path() / "requests").string() + " " +
                      MessageReceiver::kKeyId + " " + MessageReceiver::kSecret),
            0)
      << "botocore makes other signatures";

  if (!tests::Prometheus::installed()) GTEST_SKIP() << "prometheus is missing, all else is well";
  const tests::Prometheus prometheus(folder_, server.port());
  for (const char* query : {"sum(tripline_sink_deliveries_total{sink=\"hook\",outcome=\"delivered\"}) > 0",
                            "sum(tripline_sink_deliveries_total{sink=\"topic\",outcome=\"delivered\"}) > 0",
                            "sum(tripline_sink_waiting) == 0", "sum by (level) (tripline_rule_signals_total) > 0",
                            "sum(rate(tripline_http_requests_total[10s])) > 0"}) {
    const std::string answer = prometheus.query(query);
    EXPECT_NE(answer.find("\"value\""), std::string::npos) << query << ": " << answer;
  }
  EXPECT_EQ(server.stop(), 0) << server.said();
}

}  // namespace
}  // namespace tripline
