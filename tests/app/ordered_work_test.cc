#include "app/ordered_work.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

using Work = OrderedWork<std::string>;

/// Envelopes 0 to `count` - 1; then an error, if there is one.
class Numbers : public engine::Source {
 public:
  explicit Numbers(std::uint64_t count, std::optional<engine::Error> error = {}) : count_(count), error_(error) {}
  engine::Result<std::optional<engine::Envelope>> next() override {
    if (next_ == count_) {
      if (error_) return *error_;
      return std::optional<engine::Envelope>{};
    }
    engine::Envelope envelope;
    envelope.sequence = next_++;
    return std::optional<engine::Envelope>{std::move(envelope)};
  }
  void acknowledge(const engine::Envelope&) override {}

 private:
  std::uint64_t next_ = 0;
  std::uint64_t count_;
  std::optional<engine::Error> error_;
};

/// Emits as many parts as the envelope's number leaves over seven.
const auto kMakeWorker = [] {
  return [](const engine::Envelope& envelope, const Work::Emit& emit) {
    for (std::uint64_t i = 0; i < envelope.sequence % 7; ++i) {
      emit(std::to_string(envelope.sequence) + "." + std::to_string(i) + " ");
    }
  };
};
const auto kIgnore = [](const engine::Envelope&) {};

TEST(OrderedWork, KeepsTheOrderOfEnvelopesForAnyNumberOfThreads) {
  std::string expected;
  for (int e = 0; e < 200; ++e) {
    for (int i = 0; i < e % 7; ++i) expected += std::to_string(e) + "." + std::to_string(i) + " ";
    expected += "| ";
  }
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    SCOPED_TRACE(threads);
    Numbers source(200);
    std::string seen;
    const auto ran = Work::run(
        source, threads, kMakeWorker, [&](const engine::Envelope&, std::string part) { seen += part; },
        [&](const engine::Envelope&) { seen += "| "; });
    EXPECT_TRUE(ran);
    EXPECT_EQ(seen, expected);
  }
}

TEST(OrderedWork, ReturnsTheSourcesErrorAfterWhatCameBefore) {
  for (const unsigned threads : {1U, 4U}) {
    SCOPED_TRACE(threads);
    Numbers source(20, engine::fail(engine::ErrorCode::kIo, "the disk is gone"));
    std::size_t finished = 0;
    const auto ran = Work::run(
        source, threads, kMakeWorker, [](const engine::Envelope&, const std::string&) {},
        [&](const engine::Envelope&) { ++finished; });
    ASSERT_FALSE(ran);
    EXPECT_EQ(ran.error().message, "the disk is gone");
    EXPECT_EQ(finished, 20U);
  }
}

TEST(OrderedWork, EndsWhenTheConsumerThrows) {
  struct Enough {};
  for (const unsigned threads : {1U, 4U}) {
    SCOPED_TRACE(threads);
    Numbers source(100'000);
    std::size_t parts = 0;
    const auto consume = [&](const engine::Envelope&, const std::string&) {
      if (++parts == 10) throw Enough{};
    };
    EXPECT_THROW(static_cast<void>(Work::run(source, threads, kMakeWorker, consume, kIgnore)), Enough);
    EXPECT_EQ(parts, 10U);
  }
}

TEST(OrderedWork, ThrowsWhatAWorkerThrows) {
  for (const unsigned threads : {1U, 4U}) {
    SCOPED_TRACE(threads);
    Numbers source(1000);
    const auto make_worker = [] {
      return [](const engine::Envelope& envelope, const Work::Emit&) {
        if (envelope.sequence == 50) throw std::runtime_error("broken");
      };
    };
    const auto consume = [](const engine::Envelope&, const std::string&) {};
    EXPECT_THROW(static_cast<void>(Work::run(source, threads, make_worker, consume, kIgnore)), std::runtime_error);
  }
}

TEST(OrderedWork, HoldsBackOnlySoManyPartsOfAWorkerThatIsAhead) {
  Numbers source(4);
  std::atomic<std::size_t> emitted{0};
  std::atomic<bool> first_may_end{false};
  const auto make_worker = [&] {
    return [&](const engine::Envelope& envelope, const Work::Emit& emit) {
      if (envelope.sequence == 0) {
        // The second worker runs until it is held back; then the first envelope may end.
        while (emitted < Work::kPartsAhead) std::this_thread::yield();
        first_may_end = true;
        return;
      }
      for (int i = 0; i < 20; ++i) {
        emit("x");
        ++emitted;
        if (!first_may_end) {
          EXPECT_LE(emitted, Work::kPartsAhead);
        }
      }
    };
  };
  std::size_t parts = 0;
  const auto ran = Work::run(
      source, 2, make_worker, [&](const engine::Envelope&, const std::string&) { ++parts; }, kIgnore);
  EXPECT_TRUE(ran);
  EXPECT_EQ(parts, 60U);
}

}  // namespace
}  // namespace tripline::app
