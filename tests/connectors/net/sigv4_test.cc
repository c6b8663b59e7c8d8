#include "connectors/net/sigv4.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/net/sigv4_verify.h"

namespace tripline::connectors::net {
namespace {

using engine::EventTime;
using std::chrono::minutes;
using std::chrono::seconds;

const AwsCredentials kExample{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};

EventTime at(std::string_view time) { return *engine::parse_time(time); }

HttpHead head_of(std::string method, std::string target, std::vector<HttpHeader> headers) {
  HttpHead head;
  head.method = std::move(method);
  head.target = std::move(target);
  head.headers = std::move(headers);
  return head;
}

std::string header_of(const std::vector<HttpHeader>& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::string signature_in(const std::vector<HttpHeader>& headers) {
  const std::string authorization = header_of(headers, "authorization");
  return authorization.substr(authorization.find("Signature=") + 10);
}

/// What a client sends: the head with what sign() adds.
HttpHead with(HttpHead head, const std::vector<HttpHeader>& added) {
  head.headers.insert(head.headers.end(), added.begin(), added.end());
  return head;
}

const char* const kToken =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwth"
    "Ax7mSEI/qkPpKPi/"
    "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY"
    "9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

const std::string kUnreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// aws-sig-v4-test-suite: method, target and headers beside host and x-amz-date.
const struct {
  std::string_view name;
  std::string method;
  std::string target;
  std::vector<HttpHeader> headers;
  std::string_view signature;
} kSuite[] = {
    {"get-vanilla", "GET", "/", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"post-vanilla", "POST", "/", {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"get-vanilla-query-order-encoded",
     "GET",
     "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
     {},
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     {},
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/?Param1=value1",
     {},
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/?" + kUnreserved + "=" + kUnreserved,
     {},
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query",
     "GET",
     "/?\u1234=bar",
     {},
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-utf8", "GET", "/\u1234", {}, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-unreserved",
     "GET",
     "/" + kUnreserved,
     {},
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-space", "GET", "/example space/", {}, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-slashes", "GET", "//example//", {}, "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"get-slash-pointless-dot",
     "GET",
     "/./example",
     {},
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"get-slash-dot-slash", "GET", "/./", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-relative", "GET", "/example/..", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     {{"my-header1", "value2"}, {"my-header1", "value2"}, {"my-header1", "value1"}},
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-order",
     "GET",
     "/",
     {{"my-header1", "value4"}, {"my-header1", "value1"}, {"my-header1", "value3"}, {"my-header1", "value2"}},
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim",
     "GET",
     "/",
     {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}},
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"get-header-value-multiline",
     "GET",
     "/",
     {{"my-header1", "value1\n  value2\n     value3"}},
     "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"},
    {"post-header-key-sort",
     "POST",
     "/",
     {{"my-header1", "value1"}},
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     "POST",
     "/",
     {{"my-header1", "VALUE1"}},
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-vanilla-query",
     "POST",
     "/?Param1=value1",
     {},
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
};

TEST(SigV4, SignsThePublicSuite) {
  for (const auto& c : kSuite) {
    SCOPED_TRACE(c.name);
    std::vector<HttpHeader> headers{{"host", "example.amazonaws.com"}};
    headers.insert(headers.end(), c.headers.begin(), c.headers.end());
    const auto added =
        sign(head_of(c.method, c.target, headers), "", kExample, {"us-east-1", "service"}, at("20150830T123600Z"));
    EXPECT_EQ(signature_in(added), c.signature);
  }
}

TEST(SigV4, BuildsTheSuitesIntermediateTexts) {
  const HttpHead head = head_of("GET", "/", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}});
  const std::string canonical = canonical_request(head, {"host", "x-amz-date"}, hex(sha256("")), PathForm::kNormalised);
  EXPECT_EQ(canonical,
            "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(string_to_sign("20150830T123600Z", "20150830/us-east-1/service/aws4_request", canonical),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
  EXPECT_EQ(hex(signing_key(kExample.secret, "20150830", "us-east-1", "service")),
            "938127b5336810ddb6a5d6af445fcac9e371f9ed418ed386b022aed82901be75");
}

TEST(SigV4, SignsBodiesAndTokens) {
  const EventTime time = at("20150830T123600Z");
  const std::string form = "application/x-www-form-urlencoded";
  const HttpHead old_form = head_of("POST", "/", {{"content-type", form}, {"host", "example.amazonaws.com"}});
  EXPECT_EQ(signature_in(sign(old_form, "Param1=value1", kExample, {"us-east-1", "service"}, time)),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  const HttpHead new_form =
      head_of("POST", "/",
              {{"content-type", form},
               {"content-length", "13"},
               {"host", "example.amazonaws.com"},
               {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}});
  EXPECT_EQ(signature_in(sign(new_form, "Param1=value1", kExample, {"us-east-1", "service"}, time)),
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b");
  AwsCredentials temporary = kExample;
  temporary.session_token = kToken;
  const auto added =
      sign(head_of("POST", "/", {{"host", "example.amazonaws.com"}}), "", temporary, {"us-east-1", "service"}, time);
  EXPECT_EQ(signature_in(added), "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
  EXPECT_EQ(header_of(added, "x-amz-security-token"), kToken);
}

const std::string kFirehoseBody = R"({"DeliveryStreamName":"ct-direct","Records":[{"Data":"e30="},{"Data":"e30K"}]})";
const std::string kJson = "application/x-amz-json-1.1";

HttpHead firehose_head(std::string host) {
  return head_of(
      "POST", "/",
      {{"host", std::move(host)}, {"content-type", kJson}, {"x-amz-target", "Firehose_20150804.PutRecordBatch"}});
}

TEST(SigV4, SignsRequestsToTheServicesWeSpeak) {
  AwsCredentials temporary = kExample;
  temporary.session_token = "TOKENEXAMPLE";
  const struct {
    std::string_view name;
    HttpHead head;
    std::string body;
    AwsCredentials credentials;
    SigningScope scope;
    std::string_view signature;
  } cases[] = {
      {"Firehose",
       firehose_head("firehose.us-east-1.amazonaws.com"),
       kFirehoseBody,
       kExample,
       {"us-east-1", "firehose"},
       "97bf2f2e75a466cdf71cbf65bc7ddaebc87519a1d6df1e1f190fea73feaf32f4"},
      {"Firehose, a port and a token",
       firehose_head("127.0.0.1:8443"),
       kFirehoseBody,
       temporary,
       {"us-east-1", "firehose"},
       "ec0c78ae2d5f0e5c7c3042c8c160c625936c56f8ef1786ddbe1c5cd6eea87bba"},
      {"Kinesis",
       head_of("POST", "/",
               {{"host", "kinesis.eu-west-1.amazonaws.com"},
                {"content-type", kJson},
                {"x-amz-target", "Kinesis_20131202.PutRecords"}}),
       R"({"StreamName":"ct-stream","Records":[{"Data":"e30=","PartitionKey":"123456789012"}]})",
       kExample,
       {"eu-west-1", "kinesis"},
       "0d19c4c336e50410ed5cb3d3a345643f322f8c295ef2c55bfe9506285b7d5e69"},
      {"S3",
       head_of("GET",
               "/AWSLogs/123456789012/CloudTrail/us-east-1/2026/01/15/"
               "123456789012_CloudTrail_us-east-1_20260115T1010Z_AbCdEfGhIjKlMnOp.json.gz",
               {{"host", "ct-bucket.s3.us-east-1.amazonaws.com"}}),
       "",
       kExample,
       {"us-east-1", "s3"},
       "1dc7b264ad4a20bfcd7565a803e242937a0634c426c8d4215a7d7ccd8854cbac"},
      {"SNS",
       head_of("POST", "/",
               {{"host", "sns.us-east-1.amazonaws.com"},
                {"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}),
       "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Aalerts&Subject=test&"
       "Message=hello%20world",
       kExample,
       {"us-east-1", "sns"},
       "137f1b54e31d55589db76ae0be8cd04391bcdbc8376be958d1272d2ee768070e"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(signature_in(sign(c.head, c.body, c.credentials, c.scope, at("20260115T101112Z"))), c.signature);
  }
}

TEST(SigV4, LeavesOutWhatProxiesChange) {
  const HttpHead plain = head_of("POST", "/", {{"host", "a"}});
  const HttpHead proxied =
      head_of("POST", "/", {{"host", "a"}, {"user-agent", "x"}, {"connection", "close"}, {"x-amzn-trace-id", "1"}});
  const SigningScope scope{"us-east-1", "sqs"};
  EXPECT_EQ(signature_in(sign(plain, "", kExample, scope, EventTime{})),
            signature_in(sign(proxied, "", kExample, scope, EventTime{})));
}

// --- the server's side ---

std::string code_of(const std::optional<AwsError>& error) { return error ? std::string(error->code) : "none"; }

/// All three steps.
std::optional<AwsError> verify(const HttpHead& head, std::string_view body, EventTime now,
                               std::string_view service = "firehose") {
  const auto signature = read_signature(head);
  if (!signature) return signature.error();
  if (const auto error = check_scope(*signature, service, now)) return error;
  return check_signature(*signature, head, body, kExample.secret);
}

const EventTime kSignedAt = at("20260115T101112Z");

HttpHead signed_put() {
  const HttpHead head = firehose_head("127.0.0.1:8443");
  return with(head, sign(head, kFirehoseBody, kExample, {"eu-central-1", "firehose"}, kSignedAt));
}

TEST(SigV4Verify, TakesWhatItsOwnSignerAndTheSuiteSign) {
  EXPECT_EQ(code_of(verify(signed_put(), kFirehoseBody, kSignedAt)), "none");
  for (const auto& c : kSuite) {
    SCOPED_TRACE(c.name);
    std::vector<HttpHeader> headers{{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}};
    headers.insert(headers.end(), c.headers.begin(), c.headers.end());
    std::string names = "host;";
    for (const auto& [name, value] : c.headers) names += names.find(name) == std::string::npos ? name + ";" : "";
    headers.emplace_back(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,SignedHeaders=" + names +
            "x-amz-date,Signature=" + std::string(c.signature));
    EXPECT_EQ(code_of(verify(head_of(c.method, c.target, headers), "", at("20150830T123600Z"), "service")), "none");
  }
}

TEST(SigV4Verify, TakesATokenThatWasAddedBehindTheSigning) {
  const HttpHead head = with(signed_put(), {{"x-amz-security-token", "TOKENEXAMPLE"}});
  EXPECT_EQ(code_of(verify(head, kFirehoseBody, kSignedAt)), "none");
}

TEST(SigV4Verify, RefusesEveryChangeOfWhatWasSigned) {
  const auto edit = [](std::string_view name, const std::string& value) {
    HttpHead head = signed_put();
    for (auto& [key, old] : head.headers) {
      if (key == name) old = value;
    }
    return head;
  };
  HttpHead other_path = signed_put();
  other_path.target = "/other";
  HttpHead other_query = signed_put();
  other_query.target = "/?a";
  HttpHead second_type = signed_put();
  second_type.headers.emplace_back("content-type", "text/plain");
  const std::pair<std::string_view, HttpHead> cases[] = {
      {"host", edit("host", "127.0.0.1")},
      {"target", edit("x-amz-target", "Firehose_20150804.PutRecord")},
      {"type", edit("content-type", "application/json")},
      {"time", edit("x-amz-date", "20260115T101113Z")},
      {"path", other_path},
      {"query", other_query},
      {"a header twice", second_type},
  };
  for (const auto& [name, head] : cases) {
    SCOPED_TRACE(name);
    EXPECT_EQ(code_of(verify(head, kFirehoseBody, kSignedAt)), "InvalidSignatureException");
  }
  EXPECT_EQ(code_of(verify(signed_put(), kFirehoseBody + " ", kSignedAt)), "InvalidSignatureException");
}

TEST(SigV4Verify, HoldsTheClaimedPayloadHashToTheBody) {
  const auto put = [](const std::string& claimed) {
    HttpHead head = firehose_head("a");
    head.headers.emplace_back("x-amz-content-sha256", claimed);
    return with(head, sign(head, kFirehoseBody, kExample, {"us-east-1", "firehose"}, kSignedAt));
  };
  EXPECT_EQ(code_of(verify(put(hex(sha256(kFirehoseBody))), kFirehoseBody, kSignedAt)), "none");
  EXPECT_EQ(code_of(verify(put(hex(sha256("other"))), kFirehoseBody, kSignedAt)), "InvalidSignatureException");
  EXPECT_EQ(code_of(verify(put("UNSIGNED-PAYLOAD"), kFirehoseBody, kSignedAt)), "InvalidSignatureException");
}

TEST(SigV4Verify, WantsTheHeadersThatDecideToBeSigned) {
  for (const std::string_view dropped : {"host", "content-type", "x-amz-target"}) {
    SCOPED_TRACE(dropped);
    HttpHead partial = firehose_head("a");
    std::erase_if(partial.headers, [&](const HttpHeader& h) { return h.first == dropped; });
    const auto added = sign(partial, kFirehoseBody, kExample, {"us-east-1", "firehose"}, kSignedAt);
    const auto error = verify(with(firehose_head("a"), added), kFirehoseBody, kSignedAt);
    EXPECT_EQ(code_of(error), "InvalidSignatureException");
    EXPECT_NE(error->message.find(std::string(dropped)), std::string::npos) << error->message;
  }
}

TEST(SigV4Verify, AllowsFiveMinutesOfSkew) {
  const std::string_view expired =
      "Signature expired: 20260115T101112Z is now earlier than 20260115T101113Z (20260115T101613Z - 5 min.)";
  const std::string_view early =
      "Signature not yet current: 20260115T101112Z is still later than 20260115T101111Z (20260115T100611Z + 5 min.)";
  EXPECT_EQ(code_of(verify(signed_put(), kFirehoseBody, kSignedAt + minutes{5})), "none");
  EXPECT_EQ(code_of(verify(signed_put(), kFirehoseBody, kSignedAt - minutes{5})), "none");
  EXPECT_EQ(verify(signed_put(), kFirehoseBody, kSignedAt + minutes{5} + seconds{1})->message, expired);
  EXPECT_EQ(verify(signed_put(), kFirehoseBody, kSignedAt - minutes{5} - seconds{1})->message, early);
}

TEST(SigV4Verify, SaysWhatIsWrongWithAHeader) {
  const std::string scope = "Credential=AKIDEXAMPLE/20260115/us-east-1/firehose/aws4_request";
  const std::string rest = ", SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=00";
  const std::string algorithm = "AWS4-HMAC-SHA256 ";
  const auto scoped = [&](const std::string& end) { return algorithm + "Credential=AKIDEXAMPLE/" + end + rest; };
  const struct {
    std::string_view name;
    std::optional<std::string> authorization;
    std::string_view code;
  } cases[] = {
      {"none", std::nullopt, "MissingAuthenticationTokenException"},
      {"empty", "", "IncompleteSignatureException"},
      {"another scheme", "Bearer x", "IncompleteSignatureException"},
      {"the algorithm alone", "AWS4-HMAC-SHA256", "IncompleteSignatureException"},
      {"another algorithm", "AWS4-HMAC-SHA2567 " + scope + rest, "IncompleteSignatureException"},
      {"no credential", algorithm + rest, "IncompleteSignatureException"},
      {"no headers", algorithm + scope + ", Signature=00", "IncompleteSignatureException"},
      {"no signature", algorithm + scope + ", SignedHeaders=host", "IncompleteSignatureException"},
      {"a short scope", scoped("firehose/aws4_request"), "IncompleteSignatureException"},
      {"no key id", algorithm + "Credential=/20260115/us-east-1/firehose/aws4_request" + rest,
       "IncompleteSignatureException"},
      {"another service", scoped("20260115/us-east-1/kinesis/aws4_request"), "InvalidSignatureException"},
      {"no region", scoped("20260115//firehose/aws4_request"), "InvalidSignatureException"},
      {"another day", scoped("20260114/us-east-1/firehose/aws4_request"), "InvalidSignatureException"},
      {"another end", scoped("20260115/us-east-1/firehose/aws3_request"), "InvalidSignatureException"},
      {"a wrong signature", algorithm + scope + rest, "InvalidSignatureException"},
      {"blanks everywhere", algorithm + "  " + scope + "  ,  SignedHeaders=host , Signature=00 ",
       "InvalidSignatureException"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    HttpHead head = firehose_head("a");
    head.headers.emplace_back("x-amz-date", "20260115T101112Z");
    if (c.authorization) head.headers.emplace_back("authorization", *c.authorization);
    EXPECT_EQ(code_of(verify(head, kFirehoseBody, kSignedAt)), c.code);
  }
}

TEST(SigV4Verify, WantsOneHeaderAndAUsableTime) {
  HttpHead twice = signed_put();
  twice.headers.emplace_back("authorization", *twice.find("authorization"));
  EXPECT_EQ(code_of(verify(twice, kFirehoseBody, kSignedAt)), "IncompleteSignatureException");
  for (const std::string time : {"", "2026-01-15T10:11:12Z", "20260115T991112Z", "20260115T101112", "yesterday"}) {
    SCOPED_TRACE(time);
    HttpHead head = signed_put();
    for (auto& [key, value] : head.headers) {
      if (key == "x-amz-date") value = time;
    }
    EXPECT_EQ(code_of(verify(head, kFirehoseBody, kSignedAt)), "IncompleteSignatureException");
  }
}

}  // namespace
}  // namespace tripline::connectors::net
