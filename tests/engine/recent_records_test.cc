#include "engine/recent_records.h"

#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "engine/store/spaces.h"

namespace tripline::engine {
namespace {

using store::StateRow;

std::shared_ptr<const RecordText> record(const std::string& json) {
  return std::make_shared<const RecordText>(RecordText{.json = json});
}

/// What a store has after rows of one checkpoint after another.
class Rows {
 public:
  void put(std::vector<StateRow> rows) {
    for (StateRow& row : rows) {
      EXPECT_EQ(row.space, static_cast<std::int64_t>(store::Space::kRecords));
      if (row.kind == StateRow::Kind::kDeleteBelow) {
        rows_.erase(rows_.begin(), rows_.lower_bound(row.key));
      } else {
        EXPECT_EQ(row.kind, StateRow::Kind::kLasting);
        EXPECT_TRUE(rows_.emplace(row.key, *row.value).second);
      }
    }
  }
  std::size_t size() const { return rows_.size(); }
  void restore(RecentRecords& records) const {
    for (const auto& [key, value] : rows_) EXPECT_TRUE(records.restore(key, value));
  }

 private:
  std::map<std::string, std::string> rows_;
};

std::string text_of(const RecentRecords& records, std::uint64_t event) {
  const auto text = records.find(event);
  return text == nullptr ? "" : text->json;
}

TEST(RecentRecords, OutliveTheirProcessFitToBeShown) {
  RecentRecords records;
  Rows stored;
  std::vector<StateRow> rows;
  records.add(1, record(R"~({"password": "hush"})~"));
  records.take_changes(7, rows);
  stored.put(std::exchange(rows, {}));
  records.add(UINT64_MAX, record(R"({"a":1})"));
  records.take_changes(9, rows);
  EXPECT_EQ(rows.size(), 1u) << "the first is there";
  stored.put(std::exchange(rows, {}));
  records.take_changes(10, rows);
  EXPECT_TRUE(rows.empty());

  RecentRecords next;
  stored.restore(next);
  EXPECT_EQ(text_of(next, 1), R"~({"password":"(secret)"})~");
  EXPECT_EQ(text_of(next, UINT64_MAX), R"({"a":1})");
  next.take_changes(11, rows);
  EXPECT_TRUE(rows.empty()) << "they are stored";
  next.add(2, record(R"({"b":1})"));
  next.take_changes(12, rows);
  EXPECT_EQ(rows.size(), 1u);
}

TEST(RecentRecords, StoreNoMoreThanTheyKeep) {
  const std::string json = R"({"a":")" + std::string(92, 'x') + "\"}";
  RecentRecords records(10 * json.size());
  Rows stored;
  std::uint64_t event = 0;
  for (std::uint64_t checkpoint = 1; checkpoint <= 20; ++checkpoint) {
    for (int i = 0; i < 3; ++i) records.add(++event, record(json));
    std::vector<StateRow> rows;
    records.take_changes(checkpoint, rows);
    stored.put(std::move(rows));
    EXPECT_LE(stored.size(), 12u) << "those of as many whole checkpoints as it takes";
    if (checkpoint % 7 == 0) {
      RecentRecords next(10 * json.size());
      stored.restore(next);
      records = std::move(next);
    }
  }
  EXPECT_EQ(text_of(records, event), json);
  EXPECT_EQ(text_of(records, event - 9), json);
  EXPECT_EQ(text_of(records, event - 12), "");
}

TEST(RecentRecords, OfOneCheckpointAreTheLastWhereThereAreTooMany) {
  const std::string json = R"({"a":")" + std::string(9'992, 'x') + "\"}";
  RecentRecords records;
  for (std::uint64_t event = 1; event <= 300; ++event) records.add(event, record(json));
  std::vector<StateRow> rows;
  records.take_changes(1, rows);
  EXPECT_EQ(rows.size(), RecentRecords::kMostOfCheckpoint / json.size() + 1);
  Rows stored;
  stored.put(std::move(rows));
  RecentRecords next;
  stored.restore(next);
  EXPECT_EQ(text_of(next, 300), json);
  EXPECT_EQ(text_of(next, 1), "");
}

TEST(RecentRecords, ThatAreDamagedAreAnError) {
  RecentRecords records;
  const std::string key(16, 'k');
  for (const std::string_view value : {"", "\1", "\1\1", "\2\1{}"}) EXPECT_FALSE(records.restore(key, value)) << value;
  EXPECT_FALSE(records.restore("short", std::string_view("\1\0{}", 4)));
  EXPECT_TRUE(records.restore(key, std::string_view("\1\0{}", 4)));
}

}  // namespace
}  // namespace tripline::engine
