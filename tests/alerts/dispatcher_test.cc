#include "alerts/dispatcher.h"

#include <set>

#include <gmock/gmock.h>

#include "tests/support/messages.h"
#include "tests/support/sink_world.h"

namespace tripline::alerts {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using tests::AlertStore;
using tests::SinkWorld;
using Answer = SinkWorld::Answer;
using Kind = engine::Transition::Kind;

const engine::EventTime kNoon = *engine::parse_time("2026-01-15T12:00:00Z");

Answer well(const Message&, engine::EventTime) { return {Verdict::delivered()}; }
Answer dead(const Message&, engine::EventTime) {
  return {Verdict::retry("nobody takes the connection", {}, true), milliseconds{5}, false};
}

std::uint64_t count(const SinkStatus& status, DeliveryEnd end) { return status.ends[static_cast<std::size_t>(end)]; }

std::vector<OutboxEntry> entries(SinkWorld& world, engine::store::DeliveryQuery query = {}) {
  std::vector<OutboxEntry> all;
  world.outbox().each(query, [&](const OutboxEntry& entry) { all.push_back(entry); }).value();
  return all;
}

std::string key(std::uint64_t signal, std::uint64_t revision) {
  return AlertStore::id(signal) + "." + std::to_string(revision);
}

TEST(Dispatcher, DeliversInOrderAndEmptiesTheOutbox) {
  SinkWorld world(kNoon, {{"soc", 1, {}, &well}, {"chat", 10, {}, &well}});
  world.change({{1, Kind::kOpened}, {2, Kind::kOpened}});
  world.change({{1, Kind::kUpdated}});
  world.run_until(kNoon + seconds{1});
  for (std::size_t sink = 0; sink < 2; ++sink) {
    EXPECT_THAT(world.receiver(sink).keys, testing::UnorderedElementsAre(key(1, 1), key(2, 2), key(1, 3)));
    EXPECT_EQ(count(world.status(sink), DeliveryEnd::kDelivered), 3u);
    EXPECT_EQ(world.status(sink).waiting, 0u);
  }
  EXPECT_TRUE(entries(world).empty());
}

TEST(Dispatcher, ParksWhatIsRefusedAndTriesItAgainWhenTold) {
  bool refuses = true;
  SinkWorld world(kNoon, {{"soc", 1, {}, [&](const Message& message, engine::EventTime) {
                             if (refuses && message.key == key(1, 1))
                               return Answer{Verdict::give_up("too large"), {}, false};
                             return Answer{Verdict::delivered()};
                           }}});
  world.change({{1, Kind::kOpened}, {2, Kind::kOpened}});
  world.run_until(kNoon + seconds{1});
  EXPECT_THAT(world.receiver().keys, ElementsAre(key(2, 2)));
  EXPECT_EQ(world.status().parked, 1u);
  EXPECT_EQ(count(world.status(), DeliveryEnd::kRefused), 1u);
  world.kill();
  EXPECT_EQ(world.status().parked, 1u);
  const auto parked = entries(world, {.which = engine::store::DeliveryQuery::Which::kParked});
  ASSERT_EQ(parked.size(), 1u);
  EXPECT_EQ(parked[0].why, "too large");
  EXPECT_EQ(parked[0].parked_at, kNoon + milliseconds{1});
  refuses = false;
  EXPECT_EQ(world.dispatcher().retry(parked, world.now()).value(), 1u);
  EXPECT_EQ(world.status().parked, 0u);
  world.run_until(world.now() + seconds{1});
  EXPECT_THAT(world.receiver().keys, ElementsAre(key(2, 2), key(1, 1)));
  EXPECT_TRUE(entries(world).empty());
}

TEST(Dispatcher, ParksTheOldestOfADeadSinkAtItsBoundAndDeliversThemOnRetry) {
  Dispatcher::Options options;
  options.lane.most = 10;
  bool up = false;
  SinkWorld world(kNoon,
                  {{"soc", 1, {}, [&](const Message& m, engine::EventTime t) { return up ? well(m, t) : dead(m, t); }}},
                  options);
  for (std::uint64_t id = 1; id <= 30; ++id) {
    world.change({{id, Kind::kOpened}});
    world.run_until(world.now() + seconds{1});
  }
  EXPECT_EQ(world.status().waiting, 10u);
  EXPECT_EQ(count(world.status(), DeliveryEnd::kFull), 20u);
  EXPECT_TRUE(world.status().open);
  const auto parked = entries(world, {.which = engine::store::DeliveryQuery::Which::kParked});
  ASSERT_EQ(parked.size(), 20u);
  EXPECT_EQ(parked.front().delivery.key, key(1, 1));
  EXPECT_EQ(parked.front().why, "the sink's outbox was full; at last: nobody takes the connection");
  up = true;
  world.run_until(world.now() + minutes{6});
  EXPECT_EQ(world.receiver().keys.size(), 10u);
  EXPECT_FALSE(world.status().open);
  EXPECT_EQ(world.dispatcher().retry(parked, world.now()).value(), 10u) << "as many as there is room for";
  EXPECT_EQ(world.status().parked, 10u);
  world.run_until(world.now() + seconds{1});
  EXPECT_EQ(world.dispatcher().retry(std::span(parked).subspan(10), world.now()).value(), 10u);
  world.run_until(world.now() + seconds{1});
  EXPECT_EQ(world.receiver().keys.size(), 30u);
  EXPECT_EQ(world.receiver().repeated, 0u);
}

TEST(Dispatcher, ParksWhatCannotBeDeliveredInTime) {
  Dispatcher::Options options;
  options.lane.give_up_after = hours{2};
  SinkWorld world(kNoon, {{"soc", 1, {}, &dead}}, options);
  world.change({{1, Kind::kOpened}});
  for (const auto at : {minutes{60}, minutes{110}}) {
    world.run_until(kNoon + at);
    world.kill();
  }
  world.run_until(kNoon + hours{2} - seconds{1});
  EXPECT_EQ(world.status().waiting, 1u);
  EXPECT_EQ(world.status().oldest, kNoon);
  EXPECT_GT(world.status().retries, 5u) << "since the last start";
  world.run_until(kNoon + hours{2} + seconds{1});
  EXPECT_EQ(world.status().waiting, 0u);
  EXPECT_EQ(count(world.status(), DeliveryEnd::kOverdue), 1u);
  EXPECT_EQ(entries(world).at(0).why, "not delivered in time; at last: nobody takes the connection");
}

TEST(Dispatcher, DropsWhatItIsToldTo) {
  SinkWorld world(kNoon, {{"soc", 1, {}, &dead}});
  world.change({{1, Kind::kOpened}, {2, Kind::kOpened}});
  world.run_until(kNoon + seconds{1});
  const auto waiting = entries(world);
  world.dispatcher().drop(std::span(waiting).first(1)).value();
  EXPECT_EQ(entries(world).at(0).delivery.key, key(2, 2));
  EXPECT_EQ(world.status().waiting, 1u);
  EXPECT_EQ(count(world.status(), DeliveryEnd::kDropped), 1u);
}

TEST(Dispatcher, LetsGoOfWhatTheStoreHasForgotten) {
  bool up = false;
  SinkWorld world(
      kNoon, {{"soc", 1, {}, [&](const Message& m, engine::EventTime t) { return up ? well(m, t) : dead(m, t); }}});
  world.change({{1, Kind::kClosed}, {2, Kind::kOpened}});
  world.run_until(kNoon + seconds{1});
  world.store().forget_closed();
  up = true;
  world.run_until(kNoon + minutes{10});
  EXPECT_THAT(world.receiver().keys, ElementsAre(key(2, 2)));
  EXPECT_EQ(count(world.status(), DeliveryEnd::kForgotten), 1u);
  EXPECT_TRUE(entries(world).empty());
}

TEST(Dispatcher, SendsNothingMoreUntilWhatCameBackIsDurable) {
  SinkWorld world(kNoon, {{"soc", 1, {}, &well}});
  world.change({{1, Kind::kOpened}});
  world.change({{1, Kind::kUpdated}});
  world.route();
  world.dispatcher().step(world.now()).value();
  world.store().broken = true;
  world.run_until(kNoon + minutes{1});
  EXPECT_THAT(world.receiver().keys, ElementsAre(key(1, 1)));
  EXPECT_FALSE(world.dispatcher().step(world.now()));
  world.store().broken = false;
  world.run_until(kNoon + minutes{2});
  EXPECT_THAT(world.receiver().keys, ElementsAre(key(1, 1), key(1, 2)));
  EXPECT_EQ(world.receiver().repeated, 0u);
}

TEST(Dispatcher, HasBoundsForEachSink) {
  AlertStore store(kNoon);
  auto outbox = store.outbox();
  outbox.routed().value();
  for (std::uint64_t signal = 1; signal <= 6; ++signal) store.commit({{signal, Kind::kOpened}});
  outbox.commit(tests::pass_on(outbox.changes(0, 9).value(), {"narrow", "wide"}, kNoon)).value();
  std::map<std::string, std::vector<Sender::Done>> begun;
  const auto end = [&](const std::string& name) {
    return Dispatcher::End{name, 1, {}, [&, name](auto, auto, auto done) { begun[name].push_back(std::move(done)); }};
  };
  std::vector<Dispatcher::End> ends = {end("narrow"), end("wide")};
  ends[0].bounds = {.concurrency = 1, .most_waiting = 4, .give_up_after = minutes{5}};
  Dispatcher dispatcher(outbox, ends, {});
  dispatcher.load(kNoon).value();
  dispatcher.step(kNoon).value();
  EXPECT_EQ(begun["narrow"].size(), 1u);
  EXPECT_EQ(begun["wide"].size(), 4u) << "as Options::lane says";
  EXPECT_EQ(count(dispatcher.status()[0], DeliveryEnd::kFull), 2u);
  EXPECT_EQ(count(dispatcher.status()[1], DeliveryEnd::kFull), 0u);
  for (auto& [name, sent] : begun) sent.front()({.verdicts = {Verdict::retry("not this one")}});
  dispatcher.step(kNoon + minutes{6}).value();
  EXPECT_EQ(count(dispatcher.status()[0], DeliveryEnd::kOverdue), 1u) << "the one that has failed";
  EXPECT_EQ(count(dispatcher.status()[1], DeliveryEnd::kOverdue), 0u);
}

TEST(Dispatcher, ParksWhatIsForASinkThatIsNotConfiguredUntilItIsAgain) {
  AlertStore store(kNoon);
  auto outbox = store.outbox();
  outbox.routed().value();
  store.commit({{1, Kind::kOpened}});
  outbox.commit(tests::pass_on(outbox.changes(0, 9).value(), {"gone"}, kNoon)).value();
  std::vector<std::string> told;
  const auto run = [&](const std::string& sink) {
    Dispatcher::End end{sink, 1, {}, [&](const std::vector<Message>& messages, auto, const auto& done) {
                          told.push_back(messages.front().key);
                          done({.verdicts = {Verdict::delivered()}});
                        }};
    Dispatcher dispatcher(outbox, {end}, {});
    dispatcher.load(kNoon).value();
    dispatcher.step(kNoon).value();
    dispatcher.step(kNoon).value();
    EXPECT_EQ(dispatcher.next(), engine::EventTime::max());
    return dispatcher.stranded();
  };
  const auto stranded = run("soc");
  ASSERT_EQ(stranded.size(), 1u);
  EXPECT_EQ(stranded[0].sink, "gone");
  EXPECT_EQ(stranded[0].parked, 1u);
  EXPECT_EQ(outbox.find(1).value()->why, "its sink is not configured any more");
  EXPECT_THAT(told, ElementsAre());
  EXPECT_EQ(run("gone").size(), 0u);
  EXPECT_THAT(told, ElementsAre(key(1, 1)));
  EXPECT_TRUE(outbox.counts().value().empty());
}

// As of a batch that was begun before its sink was taken out of the configuration.
TEST(Dispatcher, ParksWhatIsWrittenForASinkThatIsGoneByThen) {
  AlertStore store(kNoon);
  auto outbox = store.outbox();
  outbox.routed().value();
  store.commit({{1, Kind::kOpened}});
  Dispatcher dispatcher(outbox, {{"soc", 1, {}, [](const auto&, auto, const auto&) {}}}, {});
  dispatcher.load(kNoon).value();
  const auto step = tests::pass_on(outbox.changes(0, 9).value(), {"gone"}, kNoon);
  const auto numbers = outbox.commit(step).value();
  dispatcher.add(step.deliveries, numbers);
  dispatcher.step(kNoon).value();
  const auto entry = outbox.find(1).value();
  ASSERT_TRUE(entry);
  EXPECT_TRUE(entry->parked_at);
  EXPECT_EQ(entry->why, "its sink is not configured any more");
  ASSERT_EQ(dispatcher.stranded().size(), 1u);
  EXPECT_EQ(dispatcher.stranded()[0].parked, 1u);
}

TEST(Dispatcher, TellsOpenSignalsAgainToWhoForgetsThem) {
  std::vector<std::string> told;
  bool up = true;
  SinkWorld world(kNoon, {{"am", 64, minutes{5}, [&](const Message& message, engine::EventTime now) {
                             if (!up) return dead(message, now);
                             told.push_back(message.key);
                             return well(message, now);
                           }}});
  world.change({{1, Kind::kOpened}, {2, Kind::kOpened}});
  world.run_until(kNoon + seconds{1});
  world.change({{2, Kind::kClosed}});
  world.run_until(kNoon + minutes{11});
  EXPECT_THAT(told, ElementsAre(key(1, 1), key(2, 2), key(2, 3), key(1, 1), key(1, 1)));
  EXPECT_EQ(world.status().refreshed, 2u);
  EXPECT_EQ(world.status().firing, 1u);
  up = false;
  world.run_until(kNoon + minutes{21});
  up = true;
  told.clear();
  world.change({{3, Kind::kOpened}});
  world.run_until(kNoon + minutes{31});
  EXPECT_THAT(told, testing::Contains(key(3, 4)));
  EXPECT_THAT(told, testing::Contains(key(1, 1)));
  world.dispatcher().fires("am", tests::message_of(tests::bare_signal()), world.now());
  EXPECT_EQ(world.status().firing, 3u) << "known from before a start";
}

TEST(Dispatcher, TellsWhatIsNewBeforeWhatHasBeenTold) {
  std::vector<std::string> told;
  SinkWorld world(kNoon, {{"am", 2, minutes{5}, [&](const Message& message, engine::EventTime) {
                             told.push_back(message.key);
                             return Answer{Verdict::delivered(), seconds{2}};
                           }}});
  for (std::uint64_t id = 1; id <= 20; ++id) world.change({{id, Kind::kOpened}});
  world.run_until(kNoon + minutes{5});
  told.clear();
  world.run_until(kNoon + minutes{5} + seconds{11});
  EXPECT_EQ(world.status().under_way, 1u) << "what has been told is told again, two at a time";
  world.change({{21, Kind::kOpened}, {1, Kind::kClosed}});
  world.run_until(world.now() + milliseconds{100});
  const auto again = told.size();
  EXPECT_LT(again, 20u);
  EXPECT_THAT(told, testing::Contains(key(21, 21)));
  world.run_until(kNoon + minutes{8});
  EXPECT_THAT(told, testing::Contains(key(1, 22)));
  EXPECT_EQ(world.status().firing, 20u);
  EXPECT_GE(world.status().refreshed, 19u);
}

// A closing that is sent while an older word on the same signal is under way could be overtaken by it, and the alert
// would fire for ever.
TEST(Dispatcher, NeverTellsAnOldStateBesideANewOne) {
  std::size_t beside = 0, at_once = 0;
  std::map<std::string, engine::EventTime> until;
  SinkWorld* at = nullptr;
  SinkWorld world(kNoon, {{"am", 4, seconds{10}, [&](const Message& message, engine::EventTime now) {
                             const std::string thread = thread_of(message);
                             beside += until.contains(thread) && until[thread] > now ? 1 : 0;
                             until[thread] = now + seconds{7};
                             at_once = std::max<std::size_t>(at_once, at->status().under_way);
                             return Answer{Verdict::delivered(), seconds{7}};
                           }}});
  at = &world;
  for (std::uint64_t id = 1; id <= 20; ++id) world.change({{id, Kind::kOpened}});
  for (int i = 0; i < 100; ++i) {
    world.change({{1 + static_cast<std::uint64_t>(i) % 20, Kind::kUpdated}});
    world.run_until(world.now() + seconds{2});
  }
  EXPECT_EQ(beside, 0u);
  EXPECT_GT(world.status().refreshed, 0u);
  EXPECT_GT(at_once, 1u);
}

// Issue: sink down for an hour under load, kill -9 meanwhile: all signals arrive afterwards, once a key, in order per
// group, and the other sinks notice nothing.
TEST(Dispatcher, LosesNothingWhileASinkIsDownForAnHourAndTheEngineIsKilled) {
  for (const std::uint64_t seed : {1u, 2u}) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto roll = [&](std::uint64_t sides) {
      return std::uniform_int_distribution<std::uint64_t>(0, sides - 1)(random);
    };
    const auto down_from = kNoon + minutes{5}, down_until = down_from + hours{1};
    const auto unsteady = [&](const Message&, engine::EventTime now) -> Answer {
      if (now >= down_from && now < down_until) {
        if (roll(3) == 0)
          return {Verdict::retry("no whole answer within the time limit", {}, true), seconds{15}, roll(2) == 0};
        return {Verdict::retry("nobody takes the connection", {}, true), milliseconds{2}, false};
      }
      if (roll(20) == 0) return {Verdict::retry("it failed"), milliseconds{20}, roll(2) == 0};
      if (roll(50) == 0) return {Verdict::retry("too many messages", seconds{3}, true), milliseconds{20}, false};
      return {Verdict::delivered(), milliseconds{5 + static_cast<int>(roll(100))}};
    };
    Dispatcher::Options options;
    options.seed = seed;
    SinkWorld world(kNoon, {{"soc", 1, {}, unsteady}, {"queue", 10, {}, unsteady}, {"chat", 1, {}, &well}}, options);
    std::map<std::string, std::vector<std::string>> sent;  // by signal
    std::set<std::uint64_t> open;
    std::uint64_t number = 0;
    std::size_t kills = 0;
    while (world.now() < down_until) {
      std::vector<AlertStore::Change> changes;
      for (std::uint64_t i = 0; i <= roll(3); ++i) {
        const std::uint64_t signal = 1 + roll(40);
        const Kind kind = open.insert(signal).second ? Kind::kOpened : roll(4) == 0 ? Kind::kClosed : Kind::kUpdated;
        if (kind == Kind::kClosed) open.erase(signal);
        if (std::any_of(changes.begin(), changes.end(), [&](const auto& one) { return one.signal == signal; }))
          continue;
        changes.push_back({signal, kind});
        sent[AlertStore::id(signal)].push_back(key(signal, ++number));
      }
      world.change(changes);
      if (roll(200) == 0) world.kill();
      world.run_until(world.now() + milliseconds{500 + static_cast<int>(roll(9'000))});
      EXPECT_EQ(world.status(2).waiting, 0u) << "no sink waits for another";
      if (roll(60) == 0) {
        world.kill();
        ++kills;
      }
    }
    EXPECT_GT(kills, 3u);
    EXPECT_GT(number, 1'000u);
    EXPECT_GT(world.status(0).waiting, 500u);
    world.run_until(down_until + minutes{30});
    for (std::size_t sink = 0; sink < 3; ++sink) {
      SCOPED_TRACE(sink);
      EXPECT_EQ(world.receiver(sink).keys.size(), number);
      std::map<std::string, std::vector<std::string>> received;
      for (const auto& [thread, keys] : world.receiver(sink).by_thread) received[keys.front().substr(0, 32)] = keys;
      EXPECT_EQ(received, sent) << "each once, and those of a group in order";
      EXPECT_EQ(world.status(sink).waiting, 0u);
      EXPECT_EQ(world.status(sink).parked, 0u);
    }
    EXPECT_GT(world.receiver(0).repeated, 0u) << "what a kill or a lost answer makes come again has its old key";
    EXPECT_TRUE(entries(world).empty());
  }
}

TEST(Dispatcher, BoundsWhatIsUnderWay) {
  SinkWorld world(kNoon, {{"soc", 1, {}, [](const Message&, engine::EventTime) {
                             return Answer{Verdict::delivered(), seconds{1}};
                           }}});
  for (std::uint64_t id = 1; id <= 40; ++id) world.change({{id, Kind::kOpened}});
  world.run_until(kNoon + seconds{20});
  EXPECT_EQ(world.most_under_way(), Lane::Options{}.concurrency);
  EXPECT_EQ(world.receiver().keys.size(), 40u);
}

}  // namespace
}  // namespace tripline::alerts
