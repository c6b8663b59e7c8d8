#include "engine/facts_block.h"

#include <random>

#include <gtest/gtest.h>

#include "engine/match.h"

namespace tripline::engine {
namespace {

std::string some_text(std::mt19937& random) {
  switch (random() % 4) {
    case 0:
      return "";
    case 1:
      return std::string(random() % 400, 'x');
    default:
      return "text " + std::to_string(random() % 300);
  }
}

std::shared_ptr<const EventFacts> some_facts(std::mt19937& random) {
  auto facts = std::make_shared<EventFacts>();
  facts->time = EventTime{std::chrono::milliseconds{static_cast<std::int64_t>(random()) - 1'000'000'000}};
  facts->id = std::uint64_t{random()} << 32 | random();
  if (random() % 5 != 0) {
    Evidence evidence;
    evidence.time = facts->time;
    if (random() % 2) evidence.delivered = facts->time + std::chrono::minutes{5};
    evidence.event_id = some_text(random);
    evidence.user_agent = some_text(random);
    evidence.path = some_text(random);
    evidence.index = static_cast<std::uint32_t>(random());
    for (auto count = random() % 3; count > 0; --count) {
      evidence.resources.push_back({some_text(random), some_text(random), some_text(random)});
      evidence.shown.emplace_back(some_text(random), some_text(random));
    }
    facts->evidence = std::make_shared<Evidence>(std::move(evidence));
  }
  for (auto count = random() % 3; count > 0; --count) {
    Feed feed{.correlation = static_cast<std::uint32_t>(random() % 3), .input = static_cast<std::uint16_t>(random())};
    for (auto groups = random() % 3; groups > 0; --groups) feed.groups.push_back(some_text(random));
    for (auto values = random() % 3; values > 0; --values) feed.values.push_back(random());
    for (auto texts = random() % 3; texts > 0; --texts) feed.texts.push_back(some_text(random));
    feed.cut = random() % 2 == 0;
    facts->feeds.push_back(std::move(feed));
  }
  return facts;
}

/// What the plain codec makes of them says all of them.
std::string plain(const FactsCodec& codec, const EventFacts& facts) {
  Packer out;
  codec.pack(facts, out);
  return out.take();
}

TEST(FactsBlock, GivesBackWhatWasWrittenAndIsShorterThanThePlainCodec) {
  std::mt19937 random(11);
  const FactsCodec codec({{1, 1}, {2, 2}, {3, 3}});
  FactsBlockWriter writer(codec);
  for (const std::size_t size : {0u, 1u, 3u, 1'000u, 2u}) {
    SCOPED_TRACE(size);
    std::vector<std::shared_ptr<const EventFacts>> all;
    std::size_t plain_bytes = 0;
    for (std::size_t i = 0; i < size; ++i) {
      all.push_back(some_facts(random));
      plain_bytes += plain(codec, *all.back()).size();
      writer.add(*all.back());
    }
    Packer out;
    writer.write(out);
    const std::string bytes = out.take();
    const auto block = FactsBlock::read(bytes);
    ASSERT_TRUE(block);
    ASSERT_EQ(block->size(), size);
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_EQ(block->time(i), all[i]->time);
      EXPECT_EQ(block->id(i), all[i]->id);
      const auto read = block->facts(codec, i);
      ASSERT_TRUE(read);
      EXPECT_EQ(plain(codec, *read), plain(codec, *all[i]));
    }
    if (size >= 1'000) {
      EXPECT_LT(bytes.size() * 2, plain_bytes);
    }
  }
}

TEST(FactsBlock, LeavesOutWhatFeedsCorrelationsThatThereAreNotAnyMore) {
  const FactsCodec before({{1, 1}, {2, 2}}), now({{2, 2}});
  FactsBlockWriter writer(before);
  EventFacts facts{.time = {}, .id = 7};
  facts.feeds = {{.correlation = 0}, {.correlation = 1, .input = 5}};
  writer.add(facts);
  Packer out;
  writer.write(out);
  const std::string bytes = out.take();
  const auto read = FactsBlock::read(bytes)->facts(now, 0);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->feeds.size(), 1u);
  EXPECT_EQ(read->feeds[0].correlation, 0u);
  EXPECT_EQ(read->feeds[0].input, 5u);
}

TEST(FactsBlock, SaysThatBytesAreDamagedAndNeverReadsBeyondThem) {
  std::mt19937 random(12);
  const FactsCodec codec({{1, 1}, {2, 2}, {3, 3}});
  FactsBlockWriter writer(codec);
  for (int i = 0; i < 5; ++i) writer.add(*some_facts(random));
  Packer out;
  writer.write(out);
  const std::string bytes = out.take();
  for (std::size_t size = 1; size < bytes.size(); ++size) EXPECT_FALSE(FactsBlock::read(bytes.substr(0, size))) << size;
  for (int round = 0; round < 2'000; ++round) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto block = FactsBlock::read(damaged);
    for (std::size_t i = 0; block && i < block->size(); ++i) (void)block->facts(codec, i);
  }
}

}  // namespace
}  // namespace tripline::engine
