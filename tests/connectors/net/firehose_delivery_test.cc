#include "connectors/net/firehose_delivery.h"

#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/net/firehose_body.h"
#include "tests/support/deliveries.h"
#include "tests/support/direct_server.h"
#include "tests/support/firehose_sender.h"

namespace tripline::connectors::net {
namespace {

using tests::DirectServer;
using tests::FirehoseSender;
using End = FirehoseSender::Delivery::End;

const std::string kId = "7f0b6c1e-4d0a-4b53-9f1c-2a6f2f6f9d10";
const std::string kKey = "key-for-tests-0001";

WaysIn::Options keyed() {
  WaysIn::Options options;
  options.access.firehose_keys = {{kKey, "org-trail"}, {"key-for-tests-0002", "other-trail"}};
  return options;
}

FirehoseSender::Options sending(const std::string& key = kKey) {
  FirehoseSender::Options options;
  options.access_key = key;
  return options;
}

HttpRequest request_of(const std::vector<std::string>& records, const std::string& id = kId) {
  return FirehoseSender({}, sending()).request(records, id, engine::EventTime{});
}

/// Expects an answer that Firehose understands.
void expect_answer(const DirectServer::Exchange& exchange, int status, std::string_view id = kId) {
  ASSERT_TRUE(exchange.answer);
  EXPECT_EQ(exchange.answers, 1u);
  EXPECT_EQ(exchange.answer->status, status);
  std::string error;
  EXPECT_EQ(tests::broken_rules(tests::on_the_wire(*exchange.answer), id, error), std::vector<std::string>{});
  EXPECT_EQ(error.empty(), status == 200) << error;
}

/// What the counters say, as `source outcome requests`.
std::vector<std::string> counted(const WaysIn& ways) {
  std::vector<std::string> rows;
  for (const auto& row : ways.counters().rows()) {
    rows.push_back(row.source + " " + std::string(kWayOutcomes[static_cast<std::size_t>(row.outcome)].label) + " " +
                   std::to_string(row.requests));
  }
  return rows;
}

TEST(FirehoseDelivery, IsAcknowledgedWhenItIsDurableAndNotBefore) {
  DirectServer server(keyed());
  const auto& exchange = server.send(request_of({tests::record("CreateUser")}));
  EXPECT_FALSE(exchange.answer);
  server.settle();
  expect_answer(exchange, 200);
  EXPECT_EQ(exchange.answer->body, R"({"requestId":")" + kId + R"(","timestamp":1768471872391})");
}

TEST(FirehoseDelivery, SatisfiesEveryRuleOfTheSender) {
  for (const bool gzip : {false, true}) {
    for (const std::string attributes : {"", R"({"commonAttributes":{"env":"test"}})", "nonsense"}) {
      SCOPED_TRACE(attributes + (gzip ? " gzip" : ""));
      DirectServer server(keyed());
      auto options = sending();
      options.gzip = gzip;
      options.common_attributes = attributes;
      FirehoseSender sender(server.carry(), options);
      const auto delivery = sender.deliver({tests::record("CreateUser"), tests::record("DeleteUser")}, kId);
      EXPECT_EQ(delivery.end, End::kAcknowledged);
      EXPECT_EQ(delivery.attempts, 1);
      EXPECT_EQ(delivery.violations, std::vector<std::string>{});
      EXPECT_EQ(server.ways.counters().unread_attributes(), attributes == "nonsense" ? 1u : 0u);
    }
  }
}

TEST(FirehoseDelivery, BecomesOneEnvelopeWhoseRecordsAreRead) {
  DirectServer server(keyed());
  const std::string subscription =
      R"({"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"g","logStream":"s","logEvents":[{"id":"1",)"
      R"("timestamp":1768471872000,"message":)" +
      tests::json_string(tests::record("FromLogs")) + "}]}";
  FirehoseSender sender(server.carry(), sending());
  const std::string lines = tests::record("One") + "\n" + tests::record("Two") + "\n";
  EXPECT_EQ(sender.deliver({lines, tests::gzip(subscription), "no record at all"}, kId).end, End::kAcknowledged);

  ASSERT_EQ(server.settled.size(), 1u);
  const engine::Envelope& envelope = server.settled[0];
  EXPECT_EQ(envelope.path, kId);
  EXPECT_EQ(envelope.source, "org-trail");
  EXPECT_EQ(envelope.delivered, server.now);
  const auto read = tests::read_body(*envelope.body);
  EXPECT_EQ(read.records,
            (std::vector<std::string>{tests::record("One"), tests::record("Two"), tests::record("FromLogs")}));
  EXPECT_EQ(read.set_aside.size(), 1u);
}

TEST(FirehoseDelivery, IsRefusedWithAnAnswerThatFirehoseUnderstands) {
  const auto without = [](std::string_view name) {
    HttpRequest request = request_of({"{}"});
    std::erase_if(request.head.headers, [&](const HttpHeader& h) { return h.first == name; });
    return request;
  };
  const auto with = [](std::string_view name, const std::string& value) {
    HttpRequest request = request_of({"{}"});
    std::erase_if(request.head.headers, [&](const HttpHeader& h) { return h.first == name; });
    request.head.headers.emplace_back(name, value);
    return request;
  };
  const auto with_body = [](const std::string& body) {
    HttpRequest request = request_of({});
    request.body = body;
    return request;
  };
  HttpRequest get = request_of({"{}"});
  get.head.method = "GET";
  const std::string id = R"("requestId":")" + kId + R"(")";
  const struct {
    std::string_view name;
    HttpRequest request;
    int status;
    std::string id = kId;
  } cases[] = {
      {"no key", without("x-amz-firehose-access-key"), 401},
      {"a wrong key", with("x-amz-firehose-access-key", "key-for-tests-0003"), 401},
      {"a key cut short", with("x-amz-firehose-access-key", kKey.substr(0, 17)), 401},
      {"an empty key", with("x-amz-firehose-access-key", ""), 401},
      {"no version", without("x-amz-firehose-protocol-version"), 400},
      {"another version", with("x-amz-firehose-protocol-version", "2.0"), 400},
      {"no id", without("x-amz-firehose-request-id"), 400, ""},
      {"an id with a line end", with("x-amz-firehose-request-id", "a\r\nb"), 400, ""},
      {"an endless id", with("x-amz-firehose-request-id", std::string(257, 'a')), 400, ""},
      {"another id", with("x-amz-firehose-request-id", "other"), 400, "other"},
      {"another encoding", with("content-encoding", "zstd"), 400},
      {"another method", get, 405},
      {"no body", with_body(""), 400},
      {"no JSON", with_body("hello"), 400},
      {"no object", with_body("[]"), 400},
      {"no id in it", with_body(R"({"records":[{"data":"e30="}]})"), 400},
      {"a number for an id", with_body(R"({"requestId":1,"records":[{"data":"e30="}]})"), 400},
      {"no records", with_body("{" + id + "}"), 400},
      {"an object of records", with_body("{" + id + R"(,"records":{"data":"e30="}})"), 400},
      {"an end in the middle", with_body("{" + id + R"(,"records":[{"data":"e30="},{"dat)"), 400},
      {"an end behind the records", with_body("{" + id + R"(,"records":[{"data":"e30="}])"), 400},
      {"a second object", with_body("{" + id + R"(,"records":[{"data":"e30="}]}{})"), 400},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    DirectServer server(keyed());
    const auto& exchange = server.send(c.request);
    expect_answer(exchange, c.status, c.id);
    EXPECT_EQ(server.intake.deliveries(), 0u);
    EXPECT_EQ(counted(server.ways).size(), 1u);
  }
}

TEST(FirehoseDelivery, NeverSaysTooLargeAsThatWouldLoseTheBatch) {
  DirectServer server(keyed());
  HttpRequest request = request_of({"{}"});
  request.body.resize(FirehoseDelivery::kMaxBody + 1, ' ');
  expect_answer(server.send(request), 400);
  EXPECT_EQ(counted(server.ways), std::vector<std::string>{"org-trail too_large 1"});
  request.body.resize(FirehoseDelivery::kMaxBody);
  EXPECT_EQ(server.exchange(request)->status, 200);
}

TEST(FirehoseDelivery, TakesALegalBodyOfTheLargestSize) {
  DirectServer server(keyed());
  HttpRequest request = request_of({});
  request.body.resize(request.body.size() - 2);
  const std::string record = R"({"data":")" + std::string(1'365'336, 'A') + R"("})";  // of 1,024,000 bytes
  for (int i = 0; i < 49; ++i) request.body.append(i == 0 ? "" : ",").append(record);
  request.body += "]}";
  EXPECT_GT(request.body.size(), std::size_t{63} << 20);
  EXPECT_EQ(server.exchange(request)->status, 200);
}

TEST(FirehoseDelivery, NamesTheSourceByItsKey) {
  DirectServer server(keyed());
  FirehoseSender one(server.carry(), sending());
  FirehoseSender two(server.carry(), sending("key-for-tests-0002"));
  one.deliver({"{}"}, "a");
  two.deliver({"{}"}, "a");
  ASSERT_EQ(server.settled.size(), 2u);  // the same id of two senders is two ids
  EXPECT_EQ(server.settled[0].source, "org-trail");
  EXPECT_EQ(server.settled[1].source, "other-trail");
}

TEST(FirehoseDelivery, IsOpenWithoutKeysOnlyWhenToldSo) {
  WaysIn::Options options;
  DirectServer closed(options);
  EXPECT_EQ(closed.exchange(request_of({"{}"}))->status, 401);
  options.access.open_without_keys = true;
  DirectServer open(options);
  EXPECT_EQ(open.exchange(request_of({"{}"}))->status, 200);
  EXPECT_EQ(open.settled[0].source, "firehose");
}

TEST(FirehoseDelivery, TakesOtherKeysOnceTheyAreChanged) {
  DirectServer server(keyed());
  WayOptions changed;
  changed.firehose_keys = {{"key-for-tests-0009", "org-trail"}};
  const auto& under_way = server.send(request_of({"{}"}));
  server.ways.change_access(changed);
  server.settle();
  expect_answer(under_way, 200);
  EXPECT_EQ(server.exchange(request_of({"{}"}, "b"))->status, 401);
  FirehoseSender sender(server.carry(), sending("key-for-tests-0009"));
  EXPECT_EQ(sender.deliver({"{}"}, "c").end, End::kAcknowledged);
}

TEST(FirehoseDelivery, IsNotTakenTwiceWhenItsAcknowledgementWasLost) {
  DirectServer server(keyed());
  int carried = 0;
  FirehoseSender sender(
      [&](const HttpRequest& request) -> std::optional<tests::WireAnswer> {
        auto answer = server.exchange(request);
        if (++carried == 1) return std::nullopt;
        return answer;
      },
      sending());
  const auto delivery = sender.deliver({tests::record("CreateUser")}, kId);
  EXPECT_EQ(delivery.end, End::kAcknowledged);
  EXPECT_EQ(delivery.attempts, 2);
  EXPECT_EQ(server.settled.size(), 1u);
  EXPECT_EQ(counted(server.ways), (std::vector<std::string>{"org-trail accepted 1", "org-trail repeated 1"}));
}

TEST(FirehoseDelivery, SharesTheAnswerOfTheFirstThatIsUnderWay) {
  DirectServer server(keyed());
  const auto& first = server.send(request_of({tests::record("CreateUser")}));
  const auto& second = server.send(request_of({tests::record("CreateUser")}));
  EXPECT_EQ(server.intake.deliveries(), 1u);
  EXPECT_FALSE(second.answer);
  server.settle();
  expect_answer(first, 200);
  expect_answer(second, 200);
}

TEST(FirehoseDelivery, IsTakenAgainWhenTheFirstCouldNotBeMadeDurable) {
  DirectServer server(keyed());
  server.durable = engine::fail(engine::ErrorCode::kStore, "no room on the disk");
  const auto& first = server.send(request_of({tests::record("CreateUser")}));
  const auto& second = server.send(request_of({tests::record("CreateUser")}));
  server.settle();
  expect_answer(first, 503);
  expect_answer(second, 503);
  server.durable = boost::system::in_place_value;
  EXPECT_EQ(server.exchange(request_of({tests::record("CreateUser")}))->status, 200);
  EXPECT_EQ(server.settled.size(), 2u);
}

TEST(FirehoseDelivery, KeepsBatchesApartThatShareAnIdByMistake) {
  DirectServer server(keyed());
  for (const char* name : {"CreateUser", "DeleteUser"}) {
    EXPECT_EQ(server.exchange(request_of({tests::record(name)}))->status, 200);
  }
  EXPECT_EQ(server.settled.size(), 2u);
}

TEST(FirehoseDelivery, WaitsForRoomWithoutLosingAnything) {
  DirectServer server(keyed(), 1000);
  const auto& first = server.send(request_of({std::string(600, 'x')}, "a"));
  const auto& second = server.send(request_of({std::string(600, 'x')}, "b"));
  expect_answer(second, 503, "b");
  server.settle();
  expect_answer(first, 200, "a");
  EXPECT_EQ(server.exchange(request_of({std::string(600, 'x')}, "b"))->status, 200);
  server.intake.close();
  expect_answer(server.send(request_of({"{}"}, "c")), 503, "c");
  EXPECT_EQ(counted(server.ways),
            (std::vector<std::string>{"org-trail accepted 2", "org-trail full 1", "org-trail stopping 1"}));
}

TEST(FirehoseDelivery, IsRefusedByItsHeadAloneWhileThereIsNoRoomForIt) {
  DirectServer server(keyed(), 1000);
  server.send(request_of({std::string(600, 'x')}, "a"));
  HttpRequest request = request_of({std::string(600, 'x')}, "b");
  const auto refusal = server.ways.admit(request.head).refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 503);
  std::string error;
  EXPECT_EQ(tests::broken_rules(tests::on_the_wire(*refusal), "b", error), std::vector<std::string>{});
  EXPECT_EQ(counted(server.ways), (std::vector<std::string>{"org-trail full 1"}));
  EXPECT_FALSE(server.ways.admit(request_of({"{}"}, "c").head).refusal) << "a small one still fits";
  request.head.headers.emplace_back("x-amz-firehose-access-key", "wrong");
  std::erase_if(request.head.headers, [](const auto& header) { return header.second == kKey; });
  EXPECT_EQ(server.ways.admit(request.head).refusal->status, 401) << "strangers are not told";
}

TEST(FirehoseDelivery, WithoutRecordsIsAcknowledgedAtOnce) {
  DirectServer server(keyed());
  expect_answer(server.send(request_of({})), 200);
  EXPECT_EQ(server.intake.deliveries(), 0u);
}

TEST(FirehoseBody, FindsWhatItNeedsInAnyOrderAndForm) {
  const auto found = read_firehose_body(
      "{ \"records\" : [ {\"data\":\"e30=\"} ], \"more\":{\"requestId\":\"no\"},\n"
      "\"requestId\":\"a\\u002db\", \"requestId\":\"c\" }\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->request_id, "a-b");
  EXPECT_EQ(found->records, "[ {\"data\":\"e30=\"} ]");
  EXPECT_FALSE(found->empty);
  EXPECT_TRUE(read_firehose_body(R"({"requestId":"a","records":[ ]})")->empty);
}

TEST(CommonAttributes, AreAnObjectOfStrings) {
  std::string many = R"({"commonAttributes":{"a0":"")";
  for (int i = 1; i < 50; ++i) many += ",\"a" + std::to_string(i) + "\":\"\"";
  const std::pair<std::string, bool> cases[] = {
      {R"({"commonAttributes":{}})", true},
      {R"({"commonAttributes":{"env":"test","feed":"org"}})", true},
      {many + "}}", true},
      {many + R"(,"a50":""}})", false},
      {R"({"commonAttributes":{"n":1}})", false},
      {R"({"commonAttributes":[]})", false},
      {R"({"commonAttributes":{},"more":1})", false},
      {R"({"other":{}})", false},
      {R"({"commonAttributes":{"a":"b")", false},
      {"", false},
  };
  for (const auto& [header, good] : cases) EXPECT_EQ(are_common_attributes(header), good) << header;
}

}  // namespace
}  // namespace tripline::connectors::net
