#include "alerts/batch.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "alerts/batches.h"
#include "tests/support/routing.h"

namespace tripline::alerts {
namespace {

using std::chrono::minutes;
using tests::noon;

Waiting waiting(std::uint64_t signal, std::uint64_t revision, Change change) {
  return {.member = {{0, signal}, revision, change}, .thread = {1, signal}};
}

TEST(Batch, KeepsTheLatestRevisionOfASignalAndTheChangeThatSaysMost) {
  using enum Change;
  const struct {
    std::string_view name;
    std::vector<Change> changes;
    Change kept;
  } cases[] = {
      {"an opening that is updated", {kOpened, kWidened, kUpdated}, kOpened},
      {"updates", {kUpdated, kWidened, kUpdated}, kWidened},
      {"what was known before has closed", {kUpdated, kClosed}, kClosed},
      {"an opening that has closed", {kOpened, kUpdated, kClosed}, kOpened},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Batch batch;
    std::uint64_t revision = 0;
    for (const Change change : c.changes) batch.add(waiting(1, ++revision, change));
    ASSERT_EQ(batch.listed.size(), 1u);
    EXPECT_EQ(batch.listed.front(), waiting(1, revision, c.kept));
    EXPECT_EQ(batch.more, 0u);
  }
}

TEST(Batch, CountsWhatItHasNoRoomFor) {
  Batch batch;
  for (std::uint64_t i = 1; i <= 1000; ++i) batch.add(waiting(i, i, Change::kOpened));
  batch.add(waiting(3, 1001, Change::kUpdated));
  batch.add(waiting(999, 1002, Change::kUpdated), true);
  EXPECT_EQ(batch.listed.size(), Batch::kMostListed);
  EXPECT_EQ(batch.more, 1000 - Batch::kMostListed) << "what it lists, or has counted, is not counted again";
  EXPECT_TRUE(batch.end({1, 3}, 1003));
  EXPECT_FALSE(batch.end({1, 999}, 1003));
  EXPECT_EQ(batch.listed[2].member.revision, 1001u);
  EXPECT_EQ(batch.listed[2].over, 1003u);
}

Batch full() {
  Batch batch{.kind = Batch::Kind::kDigest, .route = "route", .sink = "chat", .group = "rule", .due_at = noon()};
  for (std::uint64_t i = 1; i <= 60; ++i) batch.add(waiting(i, i, Change::kUpdated));
  batch.listed[7].over = 99;
  batch.sent = 4;
  return batch;
}

TEST(Batch, IsTheSameAfterAStartAndRefusedWhenDamaged) {
  const std::string blob = pack(full());
  const auto again = unpack_batch(blob);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, full());
  for (std::size_t size = 0; size < blob.size(); ++size) EXPECT_FALSE(unpack_batch(blob.substr(0, size))) << size;
  EXPECT_FALSE(unpack_batch('\3' + blob.substr(1))) << "another version";
  std::string kind = blob;
  kind[1] = 9;
  EXPECT_FALSE(unpack_batch(kind));
}

TEST(Batch, IsTellableFromOthersByKindRouteSinkAndGroup) {
  const Batch batch = full();
  std::vector<Batch> others(4, batch);
  others[0].kind = Batch::Kind::kGroup;
  others[1].route = "other";
  others[2].sink = "other";
  others[3].group = "other";
  for (const Batch& other : others) EXPECT_NE(batch_id(other), batch_id(batch));
  Batch later = batch;
  later.clear();
  later.due_at += minutes{1};
  EXPECT_EQ(batch_id(later), batch_id(batch));
}

TEST(Batches, AreDueInOrderOfTimeAlsoAfterAStart) {
  Batches batches;
  for (const int minute : {5, 1, 3}) {
    Batch batch;
    batch.due_at = noon() + minutes{minute};
    batches.change(std::to_string(minute), batch).add(waiting(1, 1, Change::kOpened));
  }
  EXPECT_EQ(batches.next(), noon() + minutes{1});
  EXPECT_EQ(batches.due(noon()), nullptr);
  EXPECT_EQ(*batches.due(noon() + minutes{9}), "1");
  batches.wait_again("1", noon() + minutes{4});
  batches.erase("3");
  Batches again;
  std::vector<RoutingRow> rows;
  batches.take_rows(rows);
  for (const auto& row : rows) {
    EXPECT_EQ(row.blob.has_value(), row.key != std::string(Batches::kRows) + "3");
    if (row.blob && !again.restore(row.key.substr(Batches::kRows.size()), *row.blob)) ADD_FAILURE() << row.key;
  }
  for (Batches* one : {&batches, &again}) {
    EXPECT_EQ(one->size(), 2u);
    EXPECT_EQ(*one->due(noon() + minutes{9}), "1");
    EXPECT_FALSE(one->all().at("1").pending());
    one->erase("1");
    EXPECT_EQ(*one->due(noon() + minutes{9}), "5");
  }
  rows.clear();
  batches.take_rows(rows);
  EXPECT_EQ(rows.size(), 1u) << "only what changed since";
}

}  // namespace
}  // namespace tripline::alerts
