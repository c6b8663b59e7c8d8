#include "app/asked_signal.h"

#include <gtest/gtest.h>

#include "alerts/message_json.h"
#include "alerts/signal_json.h"
#include "tests/support/messages.h"

namespace tripline::app {
namespace {

using alerts::SignalTraits;

std::vector<AskedSignal> read(const std::string& text) {
  const auto signals = read_asked_signals(text, tests::known_accounts().get());
  if (signals) return *signals;
  ADD_FAILURE() << signals.error().message;
  return {};
}

TEST(AskedSignal, HasTheTraitsThatTheSignalItselfHas) {
  const auto accounts = tests::known_accounts();
  for (const auto& signal : {tests::full_signal(), tests::bare_signal(), tests::correlation_signal()}) {
    for (const std::string& json : {alerts::signal_json(*signal), alerts::message_json(tests::message_of(signal))}) {
      const auto asked = read(json);
      ASSERT_EQ(asked.size(), 1u);
      const auto expected = SignalTraits::of(*signal, accounts.get());
      for (const alerts::Trait& trait : alerts::kTraits) {
        EXPECT_EQ(asked[0].traits.*trait.has, expected.*trait.has) << trait.key << " of " << signal->rule().id;
      }
      EXPECT_EQ(asked[0].level, signal->rule().level);
      EXPECT_EQ(asked[0].rule, signal->rule().id);
      EXPECT_FALSE(asked[0].continues);
    }
  }
}

TEST(AskedSignal, IsOneOfSeveral) {
  EXPECT_EQ(read(alerts::message_json(tests::grouped_message())).size(), 3u);
  auto signal = tests::full_signal();
  signal->continues = "ea7586ed1a77390e94e5223023622131";
  const auto lines = read(alerts::signal_json(*signal) + "\n\n" + alerts::signal_json(*tests::bare_signal()) + "\n");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].continues);
  EXPECT_EQ(lines[1].title, "An odd line");
}

TEST(AskedSignal, SaysWhatIsNoSignal) {
  const std::string good = alerts::signal_json(*tests::bare_signal());
  const struct {
    std::string text;
    std::string_view says;
  } cases[] = {
      {"", "there is no signal in it"},
      {"{}", "it has no `rule`"},
      {"[1]", "it has no `rule`"},
      {R"({"rule":{"id":"a"}})", "its rule has no `level`"},
      {good + "\n{", "line 2: it is no JSON"},
      {good + "\n{\"a\":1}\n", "line 2: it is no signal"},
  };
  for (const auto& c : cases) {
    const auto signals = read_asked_signals(c.text, nullptr);
    ASSERT_FALSE(signals) << c.text;
    EXPECT_NE(signals.error().message.find(c.says), std::string::npos) << signals.error().message;
  }
}

}  // namespace
}  // namespace tripline::app
