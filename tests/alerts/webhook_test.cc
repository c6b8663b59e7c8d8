#include <gtest/gtest.h>

#include "alerts/body_template.h"
#include "alerts/judge_status.h"
#include "alerts/sink_kind.h"
#include "alerts/webhook_signature.h"
#include "tests/support/messages.h"
#include "tests/support/scripted_server.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::alerts {
namespace {

using std::chrono::seconds;

// Protocol vectors: the first is published with the reference libraries, the second was composed.
TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  EXPECT_EQ(webhook_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                              R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(webhook_signature("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", "msg_2fTq0Xp7Lk9Vd3", "1768471872",
                              R"({"type":"detection.finding","timestamp":"2026-01-15T10:11:12Z",)"
                              R"("data":{"rule":"root-console-login"}})"),
            "v1,b2/5Qa/61ApyoUiT4joH1zeGI5HLhJd8eIwbNAvKEqU=");
  EXPECT_FALSE(webhook_key("whsec_c2hvcnQ="));
  EXPECT_FALSE(webhook_key("whsec_not base64 at all !!!!!!!!!!!!!!!"));
}

Rendered rendered(const Given& given, const Message& message) {
  auto read = read_sink(*find_sink_kind("webhook"), given);
  EXPECT_EQ(read.faults.size(), 0u);
  const std::vector<Message> one{message};
  return find_sink_kind("webhook")->render(read.settings, one, {.now = tests::sending_time()});
}

const std::string* header(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return &value;
  }
  return nullptr;
}

TEST(Webhook, SignsWithEachSecretAndKeepsItsIdAtEveryAttempt) {
  const std::string one = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  const std::string other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const auto message = tests::message_of(tests::full_signal());
  const auto request = *rendered({{"url", "https://h.example/x"},
                                  {"signing_secrets", one},
                                  {"signing_secrets", other},
                                  {"headers.Authorization", "Bearer abcdef"}},
                                 message)
                            .request;
  const std::string id = "ea7586ed1a77390e94e5223023622132-1";
  EXPECT_EQ(*header(request, "webhook-id"), id);
  EXPECT_EQ(*header(request, "webhook-timestamp"), "1795169220");
  EXPECT_EQ(*header(request, "webhook-signature"), webhook_signature(one, id, "1795169220", request.body) + " " +
                                                       webhook_signature(other, id, "1795169220", request.body));
  EXPECT_EQ(*header(request, "authorization"), "Bearer abcdef");
  EXPECT_EQ(*header(request, "content-type"), "application/json");
  EXPECT_EQ(request.body, message_json(message));
}

TEST(Webhook, FillsATemplate) {
  const auto message = tests::message_of(tests::full_signal());
  const auto request = *rendered({{"url", "https://h.example/x"},
                                  {"content_type", "text/plain"},
                                  {"body", "{{data.rule.level|text}}: {{data.summary|text}} ({{key|text}})"}},
                                 message)
                            .request;
  EXPECT_EQ(request.body,
            "high: alice gave reporting the policy AdministratorAccess: success (ea7586ed1a77390e94e5223023622132.1)");
  EXPECT_EQ(*header(request, "content-type"), "text/plain");
}

TEST(Webhook, SaysWhatIsWrongWithItsSettings) {
  const struct {
    Given given;
    std::string fault;
  } cases[] = {
      {{}, "url is needed"},
      {{{"url", "ftp://h"}}, "url is a URL with http:// or https:// and a host, without a user, a fragment or blanks"},
      {{{"url", "https://user:secret-word@h"}},
       "url is a URL with http:// or https:// and a host, without a user, a fragment or blanks"},
      {{{"url", "https://h"}, {"signing_secrets", "secret-word"}},
       "signing_secrets is `whsec_` and the base64 of 24 to 64 bytes"},
      {{{"url", "https://h"}, {"headers.Host", "x"}}, "headers.Host is set by the sink itself"},
      {{{"url", "https://h"}, {"headers.A b", "x"}}, "headers.A b is no header's name"},
      {{{"url", "https://h"}, {"headers.A", "secret-word\r\n"}}, "headers.A has no line breaks or control characters"},
      {{{"url", "https://h"}, {"body", "{{data.id"}}, "body is not closed: {{data.id"},
      {{{"url", "https://h"}, {"method", "GET"}}, "method is one of: POST PUT"},
      {{{"url", "https://h"}, {"timeout", "1y"}}, "timeout is a whole number and a unit: ms, s, m, h or d"},
      {{{"url", "https://h"}, {"timeout", "0s"}}, "timeout is more than nothing"},
      {{{"url", "https://h"}, {"allow", "http://x"}},
       "allow is a host's name, an address or a network, such as hooks.internal, 127.0.0.1 or 169.254.0.0/16"},
      {{{"url", "https://h"}, {"client_cert_file", "x"}},
       "client_cert_file needs client_key_file, and the other way round"},
      {{{"url", "https://h"}, {"url", "https://i"}}, "url is given twice"},
  };
  for (const auto& c : cases) {
    std::string faults;
    for (const auto& fault : read_sink(*find_sink_kind("webhook"), c.given).faults) {
      faults += (faults.empty() ? "" : "\n") + fault.key + " " + fault.message;
    }
    EXPECT_EQ(faults, c.fault);
  }
  const auto unknown = read_sink(*find_sink_kind("webhook"), {{"ulr", "x"}, {"url", "https://h"}});
  ASSERT_EQ(unknown.faults.size(), 1u);
  EXPECT_EQ(unknown.faults[0].message.find("is no setting of this sink; there are: url, signing_secrets, headers"), 0u);
}

TEST(BodyTemplate, WritesValuesInTheFormThatIsAskedFor) {
  const std::string json = R"({"a":{"text":"x\"y\n<é> z","n":12,"list":[1,"two",{"b":null}],"flag":true},"empty":""})";
  const struct {
    std::string_view text;
    std::string_view filled;
  } cases[] = {
      {"plain", "plain"},
      {"", ""},
      {R"("{{a.text}}")", R"("x\"y\n<é> z")"},
      {"{{ a.text | json }}", R"("x\"y\n<é> z")"},
      {"{{a.text|text}}", "x\"y\n<é> z"},
      {"{{a.text|url}}", "x%22y%0A%3C%C3%A9%3E%20z"},
      {"{{a.n}}-{{a.n|json}}-{{a.flag}}", "12-12-true"},
      {"{{a.list|json}}", R"([1,"two",{"b":null}])"},
      {R"("{{a.list}}")", R"("[1,\"two\",{\"b\":null}]")"},
      {"{{a.list.1}}{{a.list.0}}", "two1"},
      {"[{{a.list.2.b}}{{a.list.9}}{{a.none}}{{a.text.deep}}{{a.list.x}}]", "[]"},
      {"{{a.none|json}}{{a.list.2.b|json}}", "nullnull"},
      {R"({{"{{"}} and }} {)", "{{ and }} {"},
  };
  for (const auto& c : cases) {
    ASSERT_EQ(BodyTemplate::fault_of(c.text), "") << c.text;
    EXPECT_EQ(BodyTemplate(c.text).filled(json), c.filled) << c.text;
  }
}

TEST(BodyTemplate, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(BodyTemplate::fault_of("a {{b"), "is not closed: {{b");
  EXPECT_EQ(BodyTemplate::fault_of("{{}}"), "a path has names with dots between: {{}}");
  EXPECT_EQ(BodyTemplate::fault_of("{{a..b}}"), "a path has names with dots between: {{a..b}}");
  EXPECT_EQ(BodyTemplate::fault_of("{{a|upper}}"), "json, text or url stands behind the bar: {{a|upper}}");
  EXPECT_EQ(BodyTemplate::fault_of("{{a|}}"), "json, text or url stands behind the bar: {{a|}}");
}

TEST(JudgeStatus, KnowsWhatEachStatusMeans) {
  using Kind = Verdict::Kind;
  const struct {
    int status;
    Kind kind;
    bool of_sink;
  } cases[] = {{200, Kind::kDelivered, false}, {204, Kind::kDelivered, false}, {301, Kind::kGiveUp, true},
               {400, Kind::kGiveUp, false},    {401, Kind::kGiveUp, true},     {404, Kind::kGiveUp, true},
               {408, Kind::kRetry, false},     {410, Kind::kGiveUp, true},     {413, Kind::kGiveUp, false},
               {422, Kind::kGiveUp, false},    {425, Kind::kRetry, false},     {429, Kind::kRetry, true},
               {500, Kind::kRetry, false},     {501, Kind::kGiveUp, true},     {503, Kind::kRetry, true},
               {0, Kind::kGiveUp, true},       {999, Kind::kGiveUp, true}};
  for (const auto& c : cases) {
    const Verdict verdict = judge_status({.status = c.status}, tests::sending_time());
    EXPECT_EQ(verdict.kind, c.kind) << c.status;
    EXPECT_EQ(verdict.of_sink, c.of_sink) << c.status;
    EXPECT_EQ(verdict.why.empty(), c.kind == Kind::kDelivered) << c.status;
  }
  EXPECT_EQ(judge_status({.status = 400, .body = "  invalid\r\n payload \x01"}, {}).why,
            "status 400, it refuses the message: invalid payload");
}

TEST(JudgeStatus, ReadsRetryAfter) {
  const struct {
    std::string text;
    std::optional<seconds> after;
  } cases[] = {{"7", seconds{7}},
               {"0", seconds{0}},
               {"999999", kLongestRetryAfter},
               {"Fri, 20 Nov 2026 10:07:30 GMT", seconds{30}},
               {"Fri, 20 Nov 2026 10:06:30 GMT", seconds{0}},
               {"soon", std::nullopt},
               {"-1", std::nullopt},
               {"7 s", std::nullopt},
               {"Fri, 20 Nob 2026 10:07:30 GMT", std::nullopt}};
  for (const auto& c : cases) {
    EXPECT_EQ(retry_after({.status = 429, .headers = {{"retry-after", c.text}}}, tests::sending_time()), c.after)
        << c.text;
  }
}

TEST(Settings, TakeSecretsOutOfWhatIsShown) {
  const auto read = read_sink(*find_sink_kind("webhook"),
                              {{"url", "https://h.example/hook/T123/abc"}, {"headers.X-Key", "k-123456"}});
  EXPECT_EQ(read.settings.redacted("no k-123456 at /hook/T123/abc of https://h.example/hook/T123/abc"),
            "no (secret) at (secret) of (secret)");
}

}  // namespace
}  // namespace tripline::alerts
