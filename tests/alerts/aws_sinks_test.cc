#include <gtest/gtest.h>

#include "alerts/aws_answer.h"
#include "alerts/aws_request.h"
#include "alerts/sink_kind.h"
#include "alerts/sinks/aws_messages.h"
#include "tests/support/messages.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::alerts {
namespace {

using connectors::net::AwsCredentials;
using Kind = Verdict::Kind;

const AwsCredentials kKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
const std::string kTopic = "arn:aws:sns:us-east-1:123456789012:alerts";
const std::string kQueue = "https://sqs.eu-west-1.amazonaws.com/123456789012/alerts";

const std::string& header(const Request& request, std::string_view name) {
  static const std::string none;
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return none;
}

// A vector that was composed with a signer checked against the public suite, and again with OpenSSL.
TEST(AwsRequest, IsSignedAsSnsWantsIt) {
  const std::string body = form({{"Action", "Publish"},
                                 {"Version", "2010-03-31"},
                                 {"TopicArn", kTopic},
                                 {"Subject", "test"},
                                 {"Message", "hello world"}});
  EXPECT_EQ(
      body,
      "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Aalerts&Subject=test"
      "&Message=hello%20world");
  const Request request = aws_request(aws_endpoint("sns", "us-east-1"),
                                      {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}, body,
                                      kKeys, {"us-east-1", "sns"}, *engine::parse_time("2026-01-15T10:11:12Z"));
  EXPECT_EQ(request.url, "https://sns.us-east-1.amazonaws.com");
  EXPECT_EQ(header(request, "host"), "sns.us-east-1.amazonaws.com");
  EXPECT_EQ(header(request, "authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260115/us-east-1/sns/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=137f1b54e31d55589db76ae0be8cd04391bcdbc8376be958d1272d2ee768070e");
}

TEST(AwsRequest, KnowsWhereServicesAre) {
  EXPECT_EQ(aws_endpoint("sns", "cn-north-1"), "https://sns.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(aws_endpoint("sts", "us-gov-west-1"), "https://sts.us-gov-west-1.amazonaws.com");
}

Rendered rendered(std::string_view kind, Given given, const std::vector<Message>& messages) {
  auto read = read_sink(*find_sink_kind(kind), given);
  for (const auto& fault : read.faults) ADD_FAILURE() << fault.key << " " << fault.message;
  const AwsCredentials keys{kKeys.key_id, kKeys.secret, "TOKENEXAMPLE"};
  return find_sink_kind(kind)->render(read.settings, messages, {.now = tests::sending_time(), .aws = &keys});
}

/// The fields of a form, in order.
std::vector<std::pair<std::string, std::string>> fields_of(const std::string& body) {
  std::vector<std::pair<std::string, std::string>> fields;
  const auto decoded = [](std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        out += text[i];
        continue;
      }
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
    return out;
  };
  for (std::size_t from = 0; from < body.size();) {
    const std::size_t end = std::min(body.find('&', from), body.size());
    const std::size_t equals = body.find('=', from);
    fields.emplace_back(decoded(body.substr(from, equals - from)), decoded(body.substr(equals + 1, end - equals - 1)));
    from = end + 1;
  }
  return fields;
}

std::string field(const std::string& body, std::string_view name) {
  for (const auto& [key, value] : fields_of(body)) {
    if (key == name) return value;
  }
  return {};
}

TEST(Sns, PublishesWithAttributesThatSubscriptionsFilterBy) {
  const Message message = tests::message_of(tests::full_signal());
  const auto one = rendered("sns", {{"topic_arn", kTopic}}, {message});
  EXPECT_EQ(one.taken, 1u);
  const std::string& body = one.request->body;
  EXPECT_EQ(field(body, "Action"), "Publish");
  EXPECT_EQ(field(body, "Message"), message_json(message));
  EXPECT_EQ(field(body, "Subject"),
            "[HIGH] Policy attached to a user from a role alice gave reporting the policy AdministratorAccess: s");
  EXPECT_EQ(field(body, "Subject").size(), 99u);
  std::string attributes;
  for (int i = 1; i <= 5; ++i) {
    const std::string entry = "MessageAttributes.entry." + std::to_string(i);
    attributes += field(body, entry + ".Name") + "=" + field(body, entry + ".Value.StringValue") + " ";
  }
  EXPECT_EQ(attributes,
            "level=high rule_id=0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c11 account=444455556666 change=opened = ");
  EXPECT_EQ(field(body, "MessageGroupId"), "");
  EXPECT_EQ(header(*one.request, "x-amz-security-token"), "TOKENEXAMPLE");

  const auto fifo = rendered("sns", {{"topic_arn", kTopic + ".fifo"}}, {message});
  EXPECT_EQ(field(fifo.request->body, "MessageGroupId"), thread_of(message));
  EXPECT_EQ(field(fifo.request->body, "MessageDeduplicationId"), message.key);
}

TEST(Sns, PublishesSeveralAtOnceAsManyAsFit) {
  std::vector<Message> messages(12, tests::message_of(tests::full_signal()));
  const auto ten = rendered("sns", {{"topic_arn", kTopic}}, {messages.begin(), messages.begin() + 10});
  EXPECT_EQ(ten.taken, 10u);
  EXPECT_EQ(field(ten.request->body, "Action"), "PublishBatch");
  EXPECT_EQ(field(ten.request->body, "PublishBatchRequestEntries.member.10.Id"), "m9");
  EXPECT_EQ(field(ten.request->body, "PublishBatchRequestEntries.member.10.Message"), message_json(messages[0]));
  const auto few = rendered("sns", {{"topic_arn", kTopic}, {"max_bytes", "16KiB"}}, messages);
  EXPECT_GT(few.taken, 1u);
  EXPECT_LT(few.taken, 10u);
  std::size_t bytes = 0;
  for (std::size_t i = 1; i <= few.taken; ++i) {
    bytes += field(few.request->body, "PublishBatchRequestEntries.member." + std::to_string(i) + ".Message").size();
  }
  EXPECT_LE(bytes, 16u << 10);
}

TEST(AwsMessages, AreTrimmedToWhatAwsTakesAndSaySo) {
  auto signal = tests::full_signal();
  auto evidence = std::make_shared<engine::Evidence>(*signal->evidence.front());
  evidence->event_id = "another";
  evidence->shown.emplace_back("requestParameters.x", std::string(300'000, 'x'));
  engine::show(*signal, evidence);
  const Message message = tests::message_of(signal);
  for (const std::size_t most : {256u << 10, 64u << 10, 16u << 10}) {
    const auto made = aws_message(message, {}, most, false, false);
    EXPECT_LE(made.size(), most);
    EXPECT_NE(made.body.find(R"("trimmed":["evidence")"), std::string::npos);
    EXPECT_TRUE(tests::is_json(made.body));
    EXPECT_LE(aws_message(message, {}, most, true, false).size(), most);
  }
}

TEST(AwsMessages, GoAsShortAsTheyGetWhereThereIsNoRoom) {
  const Message message = tests::message_of(tests::full_signal());
  for (const bool text : {false, true}) {
    for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{200}}) {
      EXPECT_LE(aws_message(message, {}, most, text, false).body.size(), 16u << 10) << most;
    }
  }
}

TEST(AwsMessages, HoldNoCharacterThatMakesAwsRefuseThem) {
  auto signal = tests::full_signal();
  signal->title = "a \xef\xbf\xbf and \xef\xbf\xbe and \x01";
  std::string twenty;
  for (int i = 0; i < 20; ++i) twenty += "\xef\xbf\xbf";
  signal->agents = {twenty};
  const Message message = tests::message_of(signal);
  for (const bool text : {false, true}) {
    const std::string body = aws_message(message, {}, 256u << 10, text, false).body;
    EXPECT_EQ(body.find("\xef\xbf\xbf"), std::string::npos);
    EXPECT_EQ(body.find("\xef\xbf\xbe"), std::string::npos);
    for (const char c : body) EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' || c == '\n') << static_cast<int>(c);
    EXPECT_EQ(tests::is_json(body), !text);
  }
}

TEST(Sns, JudgesEachEntryOfABatchByItself) {
  const std::string ok = R"(<PublishBatchResponse><PublishBatchResult>
    <Successful><member><Id>m0</Id><MessageId>x</MessageId></member></Successful>
    <Failed><member><Id>m1</Id><Code>InvalidParameter</Code><Message>a &lt; b</Message><SenderFault>true</SenderFault></member>
    <member><Id>m2</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed>
    </PublishBatchResult></PublishBatchResponse>)";
  const std::vector<Message> four(4, tests::message_of(tests::bare_signal()));
  const auto verdicts = find_sink_kind("sns")->judge(four, {.status = 200, .body = ok}, tests::sending_time());
  ASSERT_EQ(verdicts.size(), 4u);
  EXPECT_EQ(verdicts[0].kind, Kind::kDelivered);
  EXPECT_EQ(verdicts[1].kind, Kind::kGiveUp);
  EXPECT_EQ(verdicts[1].why, "InvalidParameter: a < b");
  EXPECT_EQ(verdicts[2].kind, Kind::kRetry);
  EXPECT_EQ(verdicts[3].kind, Kind::kRetry) << "what was not spoken of was not taken";
}

TEST(Sqs, SendsABatchAndJudgesEachEntryByItself) {
  const std::vector<Message> three(3, tests::message_of(tests::correlation_signal(), Change::kWidened, 4));
  const auto sent = rendered("sqs", {{"queue_url", kQueue + ".fifo"}}, three);
  EXPECT_EQ(sent.taken, 3u);
  EXPECT_EQ(sent.request->url, "https://sqs.eu-west-1.amazonaws.com/");
  EXPECT_EQ(header(*sent.request, "x-amz-target"), "AmazonSQS.SendMessageBatch");
  EXPECT_NE(header(*sent.request, "authorization").find("/20261120/eu-west-1/sqs/aws4_request"), std::string::npos);
  const auto json = tests::parse_json(sent.request->body);
  EXPECT_EQ(json.members[0].value.text, kQueue + ".fifo");
  const auto& entries = json.members[1].value.items;
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[2].members[0].value.text, "m2");
  EXPECT_EQ(entries[2].members[1].value.text, message_json(three[0]));
  EXPECT_EQ(tests::compact(entries[2].members[2].value),
            R"({"level":{"DataType":"String","StringValue":"critical"},)"
            R"("rule_id":{"DataType":"String","StringValue":"many-failed-sign-ins"},)"
            R"("account":{"DataType":"String","StringValue":"111122223333"},)"
            R"("change":{"DataType":"String","StringValue":"widened"}})");
  EXPECT_EQ(entries[2].members[3].value.text, thread_of(three[0]));
  EXPECT_EQ(entries[2].members[4].value.text, three[0].key);

  const auto verdicts = find_sink_kind("sqs")->judge(
      three,
      {.status = 200,
       .body =
           R"({"Successful":[{"Id":"m1"}],"Failed":[{"Id":"m0","Code":"InvalidMessageContents","SenderFault":true}]})"},
      tests::sending_time());
  EXPECT_EQ(verdicts[0].kind, Kind::kGiveUp);
  EXPECT_EQ(verdicts[1].kind, Kind::kDelivered);
  EXPECT_EQ(verdicts[2].kind, Kind::kRetry);
}

TEST(JudgeAws, GoesByTheCodeWhereThereIsOne) {
  const auto xml = [](std::string_view code) {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>" + std::string(code) +
           "</Code><Message>m</Message></Error></ErrorResponse>";
  };
  const struct {
    int status;
    std::string body;
    Kind kind;
    bool credentials;
  } cases[] = {
      {429, xml("Throttled"), Kind::kRetry, false},
      {400, xml("KMSThrottling"), Kind::kRetry, false},
      {400, xml("InvalidParameter"), Kind::kGiveUp, false},
      {403, xml("ExpiredToken"), Kind::kRetry, true},
      {403, xml("InvalidClientTokenId"), Kind::kGiveUp, true},
      {400, R"({"__type":"com.amazon.coral.service#ExpiredTokenException","message":"m"})", Kind::kRetry, true},
      {400, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"})", Kind::kGiveUp, false},
      {400, R"({"__type":"RequestThrottled"})", Kind::kRetry, false},
      {500, xml("SomethingNew"), Kind::kRetry, false},
      {400, "<html>", Kind::kGiveUp, false},
      {200, xml("ExpiredToken"), Kind::kDelivered, false},
  };
  for (const auto& c : cases) {
    const Response response{.status = c.status, .body = c.body};
    EXPECT_EQ(judge_aws(response, tests::sending_time()).kind, c.kind) << c.body;
    EXPECT_EQ(refuses_credentials(response), c.credentials) << c.body;
  }
}

TEST(AwsSinks, SayWhatIsWrongWithTheirSettings) {
  const struct {
    std::string_view kind;
    Given given;
    std::string fault;
  } cases[] = {
      {"sns", {{"topic_arn", "alerts"}}, "topic_arn is a topic's ARN: arn:aws:sns:eu-west-1:111122223333:alerts"},
      {"sns", {{"topic_arn", kTopic}, {"max_bytes", "1KiB"}}, "max_bytes is at least 16KiB"},
      {"sqs", {{"queue_url", "https://queues.example/1/a"}}, "region is needed, as the queue's URL does not name it"},
  };
  for (const auto& c : cases) {
    const auto read = read_sink(*find_sink_kind(c.kind), c.given);
    ASSERT_EQ(read.faults.size(), 1u);
    EXPECT_EQ(read.faults[0].key + " " + read.faults[0].message, c.fault);
  }
}

}  // namespace
}  // namespace tripline::alerts
