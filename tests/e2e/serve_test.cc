// `tripline serve` as its users meet it: real clients, real signals of the operating system, a real disk.

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base64.h"
#include "tests/support/firehose_sender.h"
#include "tests/support/http_client.h"
#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/service_manager.h"
#include "tests/support/serving.h"

namespace tripline {
namespace {

using tests::FirehoseSender;
using tests::run_program;
using tests::Serving;

constexpr std::string_view kRule =
    "title: User Created\nid: 3c4c1c5e-52f7-44b1-a1c1-0c8f0a0f4a01\nlevel: high\n"
    "logsource: {product: aws, service: cloudtrail}\n"
    "detection: {s: {eventName: CreateUser}, condition: s}\n";

std::string record(int id) {
  return R"({"eventVersion":"1.08","eventTime":"2026-01-15T10:11:12Z","eventName":"CreateUser",)"
         R"("eventSource":"iam.amazonaws.com","awsRegion":"us-east-1","eventID":"e)" +
         std::to_string(id) +
         R"(","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","userName":"alice",)"
         R"("arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333"}})";
}

class Serve : public testing::Test {
 protected:
  Serve() {
    folder_.write("rules/user_created.yml", std::string(kRule));
    configure("");
  }

  void configure(const std::string& more) {
    config_ = folder_.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: " + data_ +
                                                "}\nrules: {paths: rules}\n" + more);
  }

  /// Sends over a connection of its own, each time.
  static FirehoseSender sender(std::uint16_t port, FirehoseSender::Options options = {}) {
    options.attempts = 1;
    return FirehoseSender(
        [port](const connectors::net::HttpRequest& request) -> std::optional<tests::WireAnswer> {
          std::string head;
          for (const auto& [name, value] : request.head.headers) {
            if (name != "content-length" && name != "host") head += name + ": " + value + "\r\n";
          }
          try {
            tests::HttpClient client(port);
            const auto answer = client.ask(tests::post(request.head.target, request.body, head));
            if (!answer) return std::nullopt;
            return tests::WireAnswer{answer->status, answer->headers, answer->body};
          } catch (const std::exception&) {
            return std::nullopt;  // nobody listens
          }
        },
        options);
  }

  /// Sums of triggers, as the store has them; the number of its signals in `signals`.
  std::uint64_t triggers(std::size_t* signals = nullptr) {
    const auto exported = run_program({"store", "export", data_ + "/store.db"});
    EXPECT_EQ(exported.code, 0) << exported.err;
    std::uint64_t sum = 0;
    const auto lines = tests::lines_of(exported.out);
    for (const std::string& line : lines) {
      const auto at = line.find("\"triggers\":");
      if (at != std::string::npos) sum += std::strtoull(line.c_str() + at + 11, nullptr, 10);
    }
    if (signals != nullptr) *signals = lines.size();
    return sum;
  }

  tests::TemporaryFolder folder_{tests::memory_folder()};
  std::string data_ = (folder_.path() / "data").string();
  std::string config_;
};

TEST_F(Serve, AnswersFirehoseOnceSignalsAreDurable) {
  Serving server({"-c", config_});
  const auto delivery = sender(server.port()).deliver({record(1), record(2) + "\n" + record(1)}, "request-1");
  EXPECT_EQ(delivery.end, FirehoseSender::Delivery::End::kAcknowledged) << delivery.error;
  EXPECT_TRUE(delivery.violations.empty()) << delivery.violations.front();
  EXPECT_EQ(triggers(), 2u) << "as another process reads them, while the server runs";
  EXPECT_EQ(server.stop(), 0) << server.said();
  EXPECT_EQ(triggers(), 2u);
}

TEST_F(Serve, TakesEventsFromCurlAndTellsItsHealth) {
  Serving server({"-c", config_});
  tests::HttpClient client(server.port());
  EXPECT_EQ(client.ask(tests::get("/healthz"))->status, 200);
  EXPECT_EQ(client.ask(tests::get("/readyz"))->status, 200);
  EXPECT_EQ(client.ask(tests::post("/v1/events", record(1) + "\n" + record(2)))->status, 200);
  EXPECT_EQ(triggers(), 2u);
}

TEST_F(Serve, ReloadsRulesOnSighupAndKeepsTheOldOnesWhenTheNewAreBroken) {
  configure("reload: {watch: false}\n");
  Serving server({"-c", config_});
  folder_.write("rules/broken.yml",
                "title: Broken\nlogsource: {product: aws, service: cloudtrail}\n"
                "detection: {s: {eventName: A}, condition: s and t}\n");
  tests::HttpClient client(server.port());
  const auto refused = client.ask(tests::post("/-/reload", ""));
  EXPECT_EQ(refused->status, 400);
  EXPECT_NE(refused->body.find("broken.yml:3"), std::string::npos) << refused->body;
  EXPECT_EQ(client.ask(tests::post("/v1/events", record(1)))->status, 200);
  EXPECT_EQ(triggers(), 1u);
  std::filesystem::remove(folder_.path() / "rules/broken.yml");
  folder_.write("rules/other.yml",
                "title: Other\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\n"
                "detection: {s: {eventName: CreateUser}, condition: s}\n");
  EXPECT_EQ(client.ask(tests::post("/-/reload", ""))->status, 200);
  EXPECT_EQ(client.ask(tests::post("/v1/events", record(2)))->status, 200);
  EXPECT_EQ(triggers(), 3u);
}

TEST_F(Serve, SaysWhatKeepsItFromStarting) {
  const struct {
    std::string_view name;
    std::string config;
    int code;
    std::string_view says;
  } cases[] = {
      {"no such rules", "rules: {paths: nowhere}\nlisten: [{address: \"127.0.0.1:0\"}]\n", 3, "nowhere"},
      {"an unknown key", "listne: []\n", 3, "did you mean"},
      {"open to the world without a key", "listen: [{address: \"0.0.0.0:0\"}]\n", 3, "key or token"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string path = folder_.write("wrong.yml", c.config);
    const auto run = run_program({"serve", "-c", path});
    EXPECT_EQ(run.code, c.code);
    EXPECT_NE(run.err.find(c.says), std::string::npos) << run.err;
  }
}

TEST_F(Serve, RefusesAStoreThatAnotherServerHas) {
  Serving server({"-c", config_});
  const auto second = run_program({"serve", "-c", config_});
  EXPECT_EQ(second.code, 3);
  EXPECT_NE(second.err.find("store"), std::string::npos) << second.err;
}

// Every acknowledged event has its effect and none has it twice, over kills at random moments: each batch is sent until
// it is acknowledged, as Firehose does, so in the end all events count exactly once.
TEST_F(Serve, LosesAndDoublesNothingOverKills) {
  config_ = folder_.write("tripline.yml", "listen: [{address: \"127.0.0.1:0\"}]\nstore: {path: " + data_ +
                                              ", checkpoint: 1s}\nrules: {paths: rules}\n");
  const int kills = std::getenv("TRIPLINE_LONG") != nullptr ? 1000 : 50;
  std::mt19937 random(7);
  std::atomic<int> next = 0;
  std::atomic<std::uint64_t> port = 0;
  std::atomic<bool> ended = false;
  std::atomic<int> acknowledged = 0;
  constexpr int kEvents = 20;  // in a batch
  const auto send = [&] {
    while (!ended) {
      const int first = kEvents * next++;
      std::vector<std::string> records;
      for (int i = 0; i < kEvents; ++i) records.push_back(record(first + i));
      bool done = false;
      // What is on its way at the end is sent to the last server, too.
      while (!done) {
        const std::uint64_t to = port;
        done = to != 0 && sender(static_cast<std::uint16_t>(to)).deliver(records, "r" + std::to_string(first)).end ==
                              FirehoseSender::Delivery::End::kAcknowledged;
        if (!done) std::this_thread::yield();
      }
      ++acknowledged;
    }
  };
  std::vector<std::jthread> senders;
  for (int i = 0; i < 3; ++i) senders.emplace_back(send);
  for (int i = 0; i < kills; ++i) {
    Serving server({"-c", config_});
    port = server.port();
    // Some get to commits and checkpoints, some hardly begin.
    const int until = acknowledged + static_cast<int>(random() % 12);
    while (acknowledged < until) std::this_thread::yield();
    server.send_signal(SIGKILL);
    port = 0;
    server.wait();
  }
  Serving last({"-c", config_});
  port = last.port();
  ended = true;
  senders.clear();  // joins
  EXPECT_EQ(last.stop(), 0) << last.said();
  std::size_t signals = 0;
  EXPECT_EQ(triggers(&signals), static_cast<std::uint64_t>(acknowledged) * kEvents);
  EXPECT_EQ(signals, 1u) << "one group in one period";
}

TEST_F(Serve, ForgetsNothingWhilePausedBeyondTheSendersPatience) {
  Serving server({"-c", config_});
  for (int i = 0; i < 3; ++i) {
    // The sender hangs up while the server stands still, and asks again with the same id.
    server.send_signal(SIGSTOP);
    {
      tests::HttpClient impatient(server.port());
      const auto request = sender(server.port()).request({record(i)}, "r" + std::to_string(i), engine::EventTime{});
      std::string head;
      for (const auto& [name, value] : request.head.headers) {
        if (name != "content-length" && name != "host") head += name + ": " + value + "\r\n";
      }
      impatient.send(tests::post(request.head.target, request.body, head));
    }
    server.send_signal(SIGCONT);
    EXPECT_EQ(sender(server.port()).deliver({record(i)}, "r" + std::to_string(i)).end,
              FirehoseSender::Delivery::End::kAcknowledged);
  }
  EXPECT_EQ(server.stop(), 0);
  EXPECT_EQ(triggers(), 3u);
}

TEST_F(Serve, FeedsTheServiceManagersWatchdogWhileItWorks) {
  const std::string name = "@tripline_serve_" + std::to_string(::getpid());
  tests::ServiceManager manager(name);
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "4000000", 1);
  Serving server({"-c", config_});
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");
  std::map<std::string, int> told;
  for (std::string message; message != "-" && told["WATCHDOG=1"] < 2;) ++told[message = manager.wait_for_next()];
  EXPECT_EQ(told["READY=1"], 1);
  EXPECT_EQ(told["WATCHDOG=1"], 2) << server.said();
  EXPECT_EQ(server.stop(), 0);
}

/// A file system of its own with little room; gone at the end.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    std::filesystem::create_directories(path_);
    mounted_ = std::system(("mount -t tmpfs -o size=3m none " + path_ + " 2>/dev/null").c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) (void)!std::system(("umount -l " + path_).c_str());
  }
  bool mounted() const { return mounted_; }
  void fill() const { (void)!std::system(("dd if=/dev/zero of=" + path_ + "/ballast bs=4k 2>/dev/null").c_str()); }
  void make_room() const { std::filesystem::remove(path_ + "/ballast"); }

 private:
  std::string path_;
  bool mounted_;
};

TEST_F(Serve, RefusesWhileTheDiskIsFullAndGoesOnWhenThereIsRoom) {
  const SmallDisk disk(data_);
  if (!disk.mounted()) GTEST_SKIP() << "a small disk cannot be mounted here (that takes root)";
  Serving server({"-c", config_});
  const auto deliver = [&](int id) { return sender(server.port()).deliver({record(id)}, "r" + std::to_string(id)); };
  ASSERT_EQ(deliver(0).end, FirehoseSender::Delivery::End::kAcknowledged);
  disk.fill();
  std::vector<int> refused;
  // Room that SQLite has already taken lasts for some commits.
  for (int id = 1; id < 3000 && refused.size() < 3; ++id) {
    const auto delivery = deliver(id);
    if (delivery.end == FirehoseSender::Delivery::End::kAcknowledged) continue;
    EXPECT_EQ(delivery.statuses, std::vector<int>{503}) << delivery.error;
    refused.push_back(id);
    if (refused.size() == 1) {
      EXPECT_EQ(tests::HttpClient(server.port()).ask(tests::get("/readyz"))->status, 503);
    }
  }
  ASSERT_EQ(refused.size(), 3u) << "the disk never filled up";
  disk.make_room();
  for (const int id : refused) EXPECT_EQ(deliver(id).end, FirehoseSender::Delivery::End::kAcknowledged);
  EXPECT_EQ(tests::HttpClient(server.port()).ask(tests::get("/readyz"))->status, 200);
  EXPECT_EQ(server.stop(), 0) << server.said();
  EXPECT_EQ(triggers(), static_cast<std::uint64_t>(refused.back()) + 1);
}

/// Runs a script with Debian's Python, whose packages boto3 and awscli are.
tests::Run run_shell(const std::string& command) {
  const std::string out = (std::filesystem::temp_directory_path() / ("shell-" + std::to_string(::getpid()))).string();
  const int status = std::system((command + " > " + out + " 2>&1").c_str());
  tests::Run run{.code = WEXITSTATUS(status), .out = tests::read_file(out), .err = {}};
  std::filesystem::remove(out);
  return run;
}

constexpr std::string_view kKeys =
    "AWS_ACCESS_KEY_ID=TRIPLINETESTKEY00001 AWS_SECRET_ACCESS_KEY=a-secret-for-tests-only-0001 "
    "AWS_DEFAULT_REGION=us-east-1 ";

class ServeAws : public Serve {
 protected:
  ServeAws() {
    configure(
        "sources:\n  aws:\n    credentials:\n      - {access_key_id: TRIPLINETESTKEY00001, secret_access_key: "
        "a-secret-for-tests-only-0001}\n");
  }
};

TEST_F(ServeAws, TakesRecordsOfBoto3) {
  if (run_shell("/usr/bin/python3 -c 'import boto3'").code != 0) GTEST_SKIP() << "boto3 (python3-boto3) is missing";
  Serving server({"-c", config_});
  const std::string script = folder_.write("put.py", R"(
import boto3, json, sys, botocore
url, records = sys.argv[1], sys.argv[2:]
firehose = boto3.client('firehose', endpoint_url=url)
kinesis = boto3.client('kinesis', endpoint_url=url)
assert firehose.put_record(DeliveryStreamName='trail', Record={'Data': records[0].encode()})['RecordId']
answer = firehose.put_record_batch(DeliveryStreamName='trail', Records=[{'Data': r.encode()} for r in records[1:3]])
assert answer['FailedPutCount'] == 0 and len(answer['RequestResponses']) == 2, answer
assert kinesis.put_record(StreamName='trail', Data=records[3].encode(), PartitionKey='a')['SequenceNumber']
answer = kinesis.put_records(StreamName='trail', Records=[{'Data': r.encode(), 'PartitionKey': 'a'} for r in records[4:]])
assert answer['FailedRecordCount'] == 0, answer
assert kinesis.describe_stream_summary(StreamName='trail')['StreamDescriptionSummary']['StreamStatus'] == 'ACTIVE'
assert firehose.describe_delivery_stream(DeliveryStreamName='trail')['DeliveryStreamDescription']['DeliveryStreamStatus'] == 'ACTIVE'
wrong = boto3.client('firehose', endpoint_url=url, aws_access_key_id='TRIPLINETESTKEY00001', aws_secret_access_key='wrong')
try:
    wrong.put_record(DeliveryStreamName='trail', Record={'Data': b'x'})
    raise SystemExit('a wrong signature was taken')
except botocore.exceptions.ClientError as error:
    print(error.response['Error']['Code'])
)");
  std::string words;
  for (int i = 0; i < 6; ++i) words += " '" + record(i) + "'";
  const auto run = run_shell(std::string(kKeys) + "/usr/bin/python3 " + script + " " + server.url() + words);
  EXPECT_EQ(run.code, 0) << run.out << server.said();
  EXPECT_EQ(run.out, "InvalidSignatureException\n");
  EXPECT_EQ(triggers(), 6u);
}

TEST_F(ServeAws, TakesRecordsOfTheAwsCli) {
  if (run_shell("/usr/bin/aws --version").code != 0) GTEST_SKIP() << "the AWS CLI (awscli) is missing";
  Serving server({"-c", config_});
  const std::string data = folder_.write("one.json", record(1));
  const auto put = [&](const std::string& words) {
    return run_shell(std::string(kKeys) + "/usr/bin/aws --endpoint-url " + server.url() + " --output text " + words);
  };
  const auto first =
      put("firehose put-record --delivery-stream-name trail --record Data=" + engine::base64_encode(record(0)));
  EXPECT_EQ(first.code, 0) << first.out << server.said();
  const auto second =
      put("kinesis put-record --stream-name trail --partition-key a --cli-binary-format raw-in-base64-out "
          "--data file://" +
          data);
  EXPECT_EQ(second.code, 0) << second.out << server.said();
  EXPECT_EQ(triggers(), 2u);
}

}  // namespace
}  // namespace tripline
