#include "app/serve/watchdog.h"

#include <future>

#include <gtest/gtest.h>

#include "engine/memory_store.h"
#include "tests/support/load_rules.h"

namespace tripline::app {
namespace {

TEST(Movement, IsSeenOnlyWhereNothingStandsStill) {
  const struct {
    std::string_view name;
    LiveEngine::Progress before, after;
    bool seen;
  } cases[] = {
      {"idle", {1, 5, false}, {2, 5, false}, true},
      {"at work", {1, 5, true}, {2, 6, true}, true},
      {"the state thread hangs", {1, 5, false}, {1, 5, false}, false},
      {"the state thread hangs while workers go on", {1, 5, true}, {1, 9, true}, false},
      {"workers hang", {1, 5, true}, {9, 5, true}, false},
      {"a delivery has just come", {1, 5, false}, {2, 5, true}, false},
      {"the last one was finished", {1, 5, true}, {2, 6, false}, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Movement movement;
    ASSERT_TRUE(movement.seen({c.before.rounds, c.before.finished, false}));
    EXPECT_EQ(movement.seen(c.after), c.seen);
  }
}

TEST(Movement, CountsFromWhenItWasLastSeen) {
  Movement movement;
  ASSERT_TRUE(movement.seen({1, 1, true}));
  EXPECT_FALSE(movement.seen({2, 1, true}));
  EXPECT_TRUE(movement.seen({3, 2, true}));
}

class EngineProgress : public tests::LoadRules {};

TEST_F(EngineProgress, StopsWithTheStateThreadAndGoesOnWithIt) {
  write("rules/one.yml", tests::detection("one", "CreateUser"));
  connectors::Intake intake({});
  engine::MemoryStore store;
  LiveEngine::Options options;
  options.now = [] { return engine::EventTime{std::chrono::hours{500'000}}; };
  options.tick = std::chrono::milliseconds{1};
  options.dead_letter_folder = folder_.path().string();
  LiveEngine engine(intake, store, std::move(options));
  ASSERT_TRUE(engine.start(load().rules, nullptr));
  std::promise<void> stuck, free;
  auto held = std::async(std::launch::async, [&] {
    return engine.run_on_state_thread([&] {
      stuck.set_value();
      free.get_future().wait();
    });
  });
  stuck.get_future().wait();
  const auto before = engine.progress();
  engine::Envelope delivery;
  delivery.source = "a";
  delivery.body = "{}";
  intake.offer(std::move(delivery), engine::EventTime{}, {});
  while (engine.progress().finished == before.finished) std::this_thread::yield();  // workers go on
  EXPECT_EQ(engine.progress().rounds, before.rounds);
  free.set_value();
  EXPECT_TRUE(held.get());
  while (engine.progress().rounds == before.rounds) std::this_thread::yield();
}

}  // namespace
}  // namespace tripline::app
