// Signals that an older Tripline stored are read.

#include <gtest/gtest.h>

#include "engine/packing.h"
#include "engine/signal_codec.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/places.h"

namespace tripline::engine::store {
namespace {

const EventTime kNoon = *parse_time("2026-01-15T12:00:00Z");

/// As version 1 wrote it: the rule's texts, its level, lists, then the signal without what came later.
std::string blob_of_version_1(const Signal& signal) {
  Packer out;
  out.number(std::uint8_t{1});
  for (const char* text : {"rule-1", "", "A title", "Says more", "", "stable", "Call somebody"}) out.text(text);
  out.number(Level::kHigh);
  out.number(false);
  for (int list = 0; list < 3; ++list) {
    out.number(std::uint32_t{1});
    out.text("item");
  }
  pack(signal, out);
  std::string blob = out.take();
  constexpr std::size_t kLater = 2 * sizeof(bool) + sizeof(EventTime);  // no record, the same again, gathered_until
  blob.resize(blob.size() - kLater);
  return blob;
}

TEST(SignalVersions, AreReadFromTheFirstOn) {
  const tests::TemporaryFolder folder(tests::memory_folder());
  const std::string path = (folder.path() / "store.db").string();
  Signal signal;
  signal.id = std::string(31, '0') + "7";
  signal.group = {"111122223333", "alice"};
  signal.period_start = signal.first = signal.last = kNoon;
  signal.closes_at = kNoon + std::chrono::hours{1};
  signal.triggers = 3;
  signal.accounts = {"111122223333"};
  {
    auto database = Database::open(path);
    ASSERT_TRUE(database) << database.error().message;
    const std::string blob = blob_of_version_1(signal);
    CommitRows rows;
    rows.journal = "\x01";
    rows.signals.push_back({.id = from_hex(signal.id),
                            .rule_id = "rule-1",
                            .open = true,
                            .closes_at = signal.closes_at,
                            .changed_at = kNoon,
                            .first = kNoon,
                            .blob = blob});
    ASSERT_TRUE(database->commit(rows));
  }
  const auto reader = Reader::open(path);
  ASSERT_TRUE(reader) << reader.error().message;
  std::vector<Signal> read;
  const auto done = each_stored_signal(*reader, [&](const Signal& one) { read.push_back(one); });
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].id, signal.id);
  EXPECT_EQ(read[0].triggers, 3u);
  EXPECT_EQ(read[0].group, signal.group);
  EXPECT_EQ(read[0].accounts, signal.accounts);
  EXPECT_EQ(read[0].rule().title, "A title");
  EXPECT_EQ(read[0].rule().level, Level::kHigh);
  EXPECT_EQ(read[0].first_record.text, nullptr);
}

}  // namespace
}  // namespace tripline::engine::store
