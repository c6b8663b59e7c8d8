#include "alerts/message.h"

#include <gtest/gtest.h>

#include "alerts/message_json.h"
#include "alerts/signal_json.h"
#include "alerts/test_message.h"
#include "tests/support/json_schema.h"
#include "tests/support/messages.h"
#include "tests/support/places.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::alerts {
namespace {

using engine::Signal;

TEST(Message, SaysInALineWhatItIsAbout) {
  EXPECT_EQ(headline(tests::message_of(tests::full_signal()), nullptr),
            "alice gave reporting the policy AdministratorAccess: success");
  Message group = tests::grouped_message();
  EXPECT_EQ(headline(group, nullptr), "312 signals of 3 rules: more than 20 signals in an hour");
  group.told.resize(1);
  EXPECT_EQ(headline(group, nullptr),
            "310 signals of Policy attached to a user from a role: more than 20 signals in an hour");
  EXPECT_EQ(level_of(tests::grouped_message()), engine::Level::kCritical);
  EXPECT_EQ(change_of(tests::grouped_message()), "grouped");
  EXPECT_EQ(change_of(tests::message_of(tests::bare_signal(), Change::kClosed)), "closed");
}

TEST(Message, BelongsToItsRuleAndGroupWhateverThePeriod) {
  auto later = tests::full_signal();
  later->id = "later";
  later->period_start += std::chrono::hours{1};
  auto other = tests::full_signal();
  other->group.back() += "x";
  auto split = tests::full_signal();
  split->group = {"4444555566661", "5:x"};
  auto joined = tests::full_signal();
  joined->group = {"444455556666", "15:x"};
  const std::string thread = thread_of(tests::message_of(tests::full_signal()));
  EXPECT_EQ(thread.size(), 32u);
  EXPECT_EQ(thread_of(tests::message_of(later)), thread);
  EXPECT_NE(thread_of(tests::message_of(other)), thread);
  EXPECT_NE(thread_of(tests::message_of(split)), thread_of(tests::message_of(joined)));
  EXPECT_NE(thread_of(tests::grouped_message()), thread);
}

TEST(TestMessage, IsMarkedInEveryFormAndNewEachTime) {
  const auto now = tests::sending_time();
  const Message message = test_message(now);
  EXPECT_TRUE(message.test);
  EXPECT_EQ(level_of(message), engine::Level::kLow);
  EXPECT_EQ(headline(message, nullptr), "Signals of Tripline arrive here");
  EXPECT_NE(message.key, test_message(now + std::chrono::milliseconds{1}).key);
  EXPECT_EQ(message.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_"), std::string::npos);
  const tests::JsonSchema schema(tests::read_file(tests::repository() / "docs/signal.schema.json"));
  EXPECT_EQ(schema.faults_of(signal_json(*message.told.front().signal)), std::vector<std::string>{});
}

/// The member of a parsed object; the test fails when there is none.
const tests::Json& member(const tests::Json& object, std::string_view name) {
  for (const auto& [key, value] : object.members) {
    if (key == name) return value;
  }
  ADD_FAILURE() << "no member " << name;
  static const tests::Json none;
  return none;
}

TEST(MessageJson, HoldsSignalsAsTheirSchemaSays) {
  const tests::JsonSchema schema(tests::read_file(tests::repository() / "docs/signal.schema.json"));
  for (const auto& signal : {tests::full_signal(), tests::bare_signal(), tests::correlation_signal()}) {
    const auto json = tests::parse_json(message_json(tests::message_of(signal, Change::kWidened, 3)));
    EXPECT_EQ(member(json, "type").text, "signal.widened");
    EXPECT_EQ(member(json, "key").text, signal->id + ".3");
    EXPECT_EQ(member(json, "revision").text, "3");
    EXPECT_EQ(schema.faults_of(tests::compact(member(json, "data"))), std::vector<std::string>{});
  }
  const auto group = tests::parse_json(message_json(tests::grouped_message()));
  EXPECT_EQ(member(group, "type").text, "signals.grouped");
  const auto& data = member(group, "data");
  EXPECT_EQ(member(data, "count").text, "312");
  EXPECT_EQ(member(data, "more").text, "309");
  ASSERT_EQ(member(data, "signals").items.size(), 3u);
  for (const auto& told : member(data, "signals").items) {
    EXPECT_EQ(schema.faults_of(tests::compact(member(told, "signal"))), std::vector<std::string>{});
  }
  Message test = tests::message_of(tests::bare_signal());
  test.test = true;
  EXPECT_EQ(member(tests::parse_json(message_json(test)), "test").text, "true");
}

/// Every list full, every text long.
std::shared_ptr<Signal> huge_signal() {
  auto signal = tests::full_signal();
  auto rules = std::make_shared<engine::RuleSet>(*signal->rules);
  rules->detections[0].rule.description = std::string(30'000, 'd');
  signal->rules = rules;
  const auto evidence = *signal->evidence.front();
  for (int i = 0; i < 20; ++i) {
    auto e = std::make_shared<engine::Evidence>(evidence);
    e->event_id += std::to_string(i);
    e->user_agent = std::string(250, 'u') + std::to_string(i);
    e->shown.emplace_back("requestParameters.document", std::string(20'000, 'v'));
    e->resources.push_back({std::string(1'250, 'r') + std::to_string(i), "", ""});
    engine::show(*signal, e);
  }
  return signal;
}

TEST(MessageJson, TrimsWhatIsMissedLeastFirstAndSaysSo) {
  const Message message = tests::message_of(huge_signal());
  const tests::JsonSchema schema(tests::read_file(tests::repository() / "docs/signal.schema.json"));
  const std::size_t whole = message_json(message).size();
  ASSERT_GT(whole, 150'000u);
  const struct {
    std::size_t most;
    std::string trimmed;
  } cases[] = {{whole, ""},
               {whole - 1, R"(["evidence"])"},
               {100'000, R"(["evidence"])"},
               {60'000, R"(["evidence","fields"])"},
               {40'000, R"(["evidence","fields","lists"])"},
               {30'000, R"(["evidence","fields","lists","rule"])"},
               {8'192, R"(["evidence","fields","lists","rule"])"}};
  for (const auto& c : cases) {
    const std::string text = message_json(message, {}, c.most);
    EXPECT_LE(text.size(), c.most);
    const auto json = tests::parse_json(text);
    std::string trimmed;
    for (const auto& [key, value] : json.members) {
      if (key == "trimmed") trimmed = tests::compact(value);
    }
    EXPECT_EQ(trimmed, c.trimmed) << c.most;
    EXPECT_EQ(member(member(json, "data"), "summary").text,
              "alice gave reporting the policy AdministratorAccess: success");
    EXPECT_EQ(schema.faults_of(tests::compact(member(json, "data"))), std::vector<std::string>{});
  }
}

TEST(MessageJson, OfManyLeavesTheFirstAndCountsTheOthersWhenThereIsNoRoom) {
  Message message = tests::grouped_message();
  for (int i = 0; i < 100; ++i) message.told.push_back({huge_signal(), Change::kOpened, 1});
  const std::string text = message_json(message, {}, 20'000);
  EXPECT_LE(text.size(), 20'000u);
  const auto json = tests::parse_json(text);
  EXPECT_EQ(member(member(json, "data"), "count").text, "412");
  EXPECT_EQ(member(member(json, "data"), "more").text, "411");
}

}  // namespace
}  // namespace tripline::alerts
