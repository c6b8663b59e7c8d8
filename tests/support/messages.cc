#include "tests/support/messages.h"

#include <cstdio>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <utility>

namespace tripline::tests {

using alerts::Change;
using engine::Evidence;
using engine::parse_time;
using engine::Signal;

namespace {

std::shared_ptr<engine::RuleSet> rules_with(engine::Rule rule) {
  auto rules = std::make_shared<engine::RuleSet>();
  rules->detections.emplace_back().rule = std::move(rule);
  return rules;
}

std::shared_ptr<Evidence> attached_policy() {
  auto e = std::make_shared<Evidence>();
  e->time = parse_time("2026-11-20T10:06:25Z");
  e->event_id = "c894e008-fff4-5830-a103-bb7edeb17bf4";
  e->event_name = "AttachUserPolicy";
  e->event_source = "iam.amazonaws.com";
  e->account = "444455556666";
  e->region = "us-east-1";
  e->address = "198.51.100.87";
  e->user_agent = "aws-cli/2.28.1 md/awscrt#0.27.4";
  e->outcome = "success";
  e->actor = "build-7";
  e->actor_principal = "arn:aws:iam::444455556666:role/Admin";
  e->actor_kind = "role";
  e->actor_type = "AssumedRole";
  e->actor_account = "444455556666";
  e->access_key = "ASIABUI100430EXAMPLE";
  e->mfa = e->from_console = "false";
  e->session_start = "2026-11-20T10:04:30Z";
  e->origin = "alice";
  e->origin_principal = "arn:aws:iam::111122223333:user/alice";
  e->origin_account = "111122223333";
  e->origin_kind = "human";
  e->resolution = "exact";
  e->chain = "alice@111122223333 → role/Deploy → role/Admin@444455556666";
  e->path = "AWSLogs/444455556666/CloudTrail/us-east-1/2026/11/20/1.json.gz";
  e->index = 4;
  e->resources = {{"reporting", "AWS::IAM::User", "444455556666"},
                  {"arn:aws:iam::aws:policy/AdministratorAccess", "AWS::IAM::Policy", ""}};
  e->shown = {{"requestParameters.policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"}};
  return e;
}

}  // namespace

engine::EventTime sending_time() { return *parse_time("2026-11-20T10:07:00Z"); }

std::shared_ptr<Signal> full_signal() {
  engine::Rule rule;
  rule.id = "0d3a0a5e-7a4c-4d0f-8a43-6f1f0b7f3c11";
  rule.title = "Policy attached to a user from a role";
  rule.description = "Somebody who had entered a role gave an IAM user a managed policy.";
  rule.author = "SOC";
  rule.level = engine::Level::kHigh;
  rule.tags = {"attack.persistence", "attack.t1098.003"};
  rule.references = {"https://attack.mitre.org/techniques/T1098/003/"};
  rule.false_positives = {"Provisioning tools"};
  rule.response = "Ask the origin. If they do not know of it, detach the policy and revoke the role's sessions.";
  auto signal = std::make_shared<Signal>();
  signal->id = "ea7586ed1a77390e94e5223023622132";
  signal->rules = rules_with(rule);
  signal->group = {"444455556666", "arn:aws:iam::444455556666:role/Admin"};
  signal->period_start = *parse_time("2026-11-20T10:00:00Z");
  signal->closes_at = *parse_time("2026-11-20T11:00:00Z");
  signal->first = signal->last = *parse_time("2026-11-20T10:06:25Z");
  signal->triggers = 1;
  signal->arrived = parse_time("2026-11-20T10:06:55Z");
  signal->detected = parse_time("2026-11-20T10:06:56Z");
  signal->title = "alice gave reporting the policy AdministratorAccess: success";
  const auto evidence = attached_policy();
  engine::show(*signal, evidence);
  engine::count(*signal, evidence->event_name, evidence->outcome, evidence->error_code);
  return signal;
}

std::shared_ptr<Signal> bare_signal() {
  engine::Rule rule;
  rule.id = "odd";
  rule.title = "An odd line";
  rule.level = engine::Level::kMedium;
  auto signal = std::make_shared<Signal>();
  signal->id = "00000000000000000000000000000001";
  signal->rules = rules_with(rule);
  signal->first = signal->last = *parse_time("2026-11-20T10:01:00Z");
  signal->closes_at = *parse_time("2026-11-20T11:00:00Z");
  signal->triggers = 1;
  return signal;
}

std::shared_ptr<Signal> correlation_signal() {
  auto rules = std::make_shared<engine::RuleSet>();
  auto& correlation = rules->correlations.emplace_back();
  correlation.rule.id = "many-failed-sign-ins";
  correlation.rule.title = "Many failed sign-ins";
  correlation.rule.level = engine::Level::kCritical;
  correlation.rule.tags = {"attack.credential_access", "attack.t1110"};
  correlation.group_by = {"sourceIPAddress"};
  auto signal = std::make_shared<Signal>();
  signal->id = "7b1c0d5e9f3a4b2c8d6e0f1a2b3c4d5e";
  signal->rules = rules;
  signal->of_correlation = true;
  signal->group = {"203.0.113.7"};
  signal->first = *parse_time("2026-11-20T09:12:00Z");
  signal->last = *parse_time("2026-11-20T09:48:10Z");
  signal->closes_at = *parse_time("2026-11-20T10:30:00Z");
  signal->triggers = 31;
  signal->peak = 40;
  signal->partial = true;
  signal->title = "40 failed sign-ins from 203.0.113.7";
  auto e = std::make_shared<Evidence>();
  e->time = signal->first;
  e->event_id = "11111111-2222-4333-8444-555555555555";
  e->event_name = "ConsoleLogin";
  e->event_source = "signin.amazonaws.com";
  e->account = "111122223333";
  e->region = "us-east-1";
  e->address = "203.0.113.7";
  e->user_agent = "Mozilla/5.0 <script>&nbsp;";
  e->outcome = "failure";
  e->error_code = "Failed authentication";
  e->actor = "bob";
  e->actor_principal = "arn:aws:iam::111122223333:user/bob";
  e->actor_kind = "human";
  engine::show(*signal, e);
  engine::count(*signal, e->event_name, e->outcome, e->error_code);
  return signal;
}

alerts::Message message_of(std::shared_ptr<const Signal> signal, Change change, std::uint64_t revision) {
  alerts::Message message;
  message.key = signal->id + "." + std::to_string(revision);
  message.told.push_back({std::move(signal), change, revision});
  return message;
}

alerts::Message grouped_message() {
  alerts::Message message;
  message.key = "g-5f2b7c1d9e8a4f6b0c3d2e1f4a5b6c7d";
  message.told.push_back({full_signal(), Change::kOpened, 1});
  message.told.push_back({correlation_signal(), Change::kWidened, 4});
  message.told.push_back({bare_signal(), Change::kClosed, 2});
  message.more = 309;
  message.reason = "more than 20 signals in an hour";
  return message;
}

std::vector<alerts::Message> odd_messages() {
  auto signal = full_signal();
  auto evidence = std::make_shared<engine::Evidence>(*signal->evidence.front());
  const std::string odd =
      "\"\\\r\n\t\x01<!channel> [x](http://evil) &amp; \xf0\x9f\x92\xa3 \xef\xbf\xbf %00 {{data}} `";
  evidence->actor = evidence->user_agent = evidence->event_name = evidence->address = evidence->region = odd;
  evidence->resources = {{odd, odd, odd}};
  evidence->event_id = "odd";
  signal->evidence.clear();
  signal->title = odd + std::string(2'000, '<');
  engine::show(*signal, evidence);
  engine::count(*signal, odd, "success", odd);
  alerts::Message grouped = grouped_message();
  grouped.told.front().signal = signal;
  return {message_of(signal), grouped, message_of(bare_signal())};
}

std::shared_ptr<const engine::Accounts> known_accounts() {
  return std::make_shared<const engine::Accounts>(std::vector<engine::AccountFacts>{
      {.id = "444455556666", .name = "payments-prod", .env = "prod", .owner = "team-payments"}});
}

namespace {

template <class T>
T wait_for(std::future<T>& future) {
  if (future.wait_for(std::chrono::seconds{30}) != std::future_status::ready) {
    std::fputs("nothing came back within 30 s\n", stderr);
    std::abort();
  }
  return future.get();
}

}  // namespace

alerts::Sent send_and_wait(alerts::Sender& sender, std::vector<alerts::Message> messages, engine::EventTime now) {
  const auto promise = std::make_shared<std::promise<alerts::Sent>>();
  auto future = promise->get_future();
  sender.send(std::move(messages), now, known_accounts(),
              [promise](alerts::Sent sent) { promise->set_value(std::move(sent)); });
  return wait_for(future);
}

alerts::Exchange exchange(alerts::HttpClient& client, alerts::Request request, alerts::HttpPolicy policy) {
  const auto promise = std::make_shared<std::promise<alerts::Exchange>>();
  auto future = promise->get_future();
  client.send(std::move(request), std::make_shared<const alerts::HttpPolicy>(std::move(policy)),
              [promise](alerts::Exchange done) { promise->set_value(std::move(done)); });
  return wait_for(future);
}

std::shared_ptr<alerts::Sender> make_sender(std::string_view kind, const alerts::Given& given,
                                            alerts::Carriers carriers) {
  const alerts::SinkKind* row = alerts::find_sink_kind(kind);
  if (row == nullptr) throw std::runtime_error("no such kind of sink");
  auto read = alerts::read_sink(*row, given);
  for (const auto& fault : read.faults) throw std::runtime_error(fault.key + " " + fault.message);
  return alerts::Sender::make("test", *row, std::move(read.settings), std::move(carriers));
}

}  // namespace tripline::tests
