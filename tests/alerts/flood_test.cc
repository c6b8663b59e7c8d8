// What people see in a chat of a rule that floods: routing and rendering together.

#include <map>

#include <gtest/gtest.h>

#include "alerts/router.h"
#include "tests/support/routing.h"
#include "tests/support/sink_views.h"

namespace tripline::alerts {
namespace {

using std::chrono::milliseconds;
using tests::noon;

class Chat {
 public:
  Chat() : server_({.routes = {default_route({sink()})}, .sinks = {sink()}}) {}

  void open(std::shared_ptr<engine::Signal> signal, engine::EventTime now) {
    signals_[engine::from_hex(signal->id)] = signal;
    show(server_.until(now));
    show(server_.change(std::move(signal), Change::kOpened, now));
  }
  void wait_until(engine::EventTime now) { show(server_.until(now)); }
  void restart() { server_.restart(); }
  bool waits() { return server_.router().next() != engine::EventTime::max(); }
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  static RoutedSink sink() { return {"soc", find_sink_kind("slack")}; }

  void show(const std::vector<Delivery>& deliveries) {
    const auto settings = read_sink(*sink().kind, {{"url", "https://hooks.slack.com/services/T/B/X"}}).settings;
    for (const Delivery& delivery : deliveries) {
      Message message;
      message.key = delivery.key;
      message.more = delivery.more;
      message.reason = delivery.reason;
      for (const Member& member : delivery.members) {
        message.told.push_back({signals_.at(member.signal), member.change, member.revision});
      }
      const auto rendered = sink().kind->render(settings, {&message, 1}, {.now = delivery.written_at});
      messages_.push_back(tests::slack_view(rendered.request->body));
    }
  }

  tests::RoutingServer server_;
  std::map<engine::Digest, std::shared_ptr<engine::Signal>> signals_;
  std::vector<std::string> messages_;
};

TEST(Flood, OfTenThousandMatchesInAMinuteIsAHandfulOfMessagesThatSayHowMany) {
  Chat chat;
  for (int i = 0; i < 10'000; ++i) {
    chat.open(tests::made({.rule = "noisy", .group = {"user" + std::to_string(i)}}), noon() + milliseconds{i * 6});
    if (i % 1000 == 999) chat.restart();
  }
  chat.wait_until(noon() + std::chrono::hours{3});
  EXPECT_FALSE(chat.waits()) << "something waits for ever";
  const auto& messages = chat.messages();
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_TRUE(messages[0].starts_with("## [HIGH] Title of noisy\n")) << messages[0];
  EXPECT_TRUE(messages[1].starts_with("## [HIGH] 19 signals\n")) << messages[1];
  EXPECT_TRUE(messages[2].starts_with("## [HIGH] 9980 signals\n")) << messages[2];
  EXPECT_NE(messages[2].find("9980 signals of Title of noisy: more than 20 signals of the rule in an hour"),
            std::string::npos)
      << messages[2];
  EXPECT_NE(messages[2].find("and 9970 more"), std::string::npos) << messages[2];
}

}  // namespace
}  // namespace tripline::alerts
