#include "engine/store/outbox.h"

#include <gmock/gmock.h>

#include "tests/support/store_rows.h"

namespace tripline::engine::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using tests::blob;
using tests::signal_row;
using tests::store_in;
using tests::TemporaryFolder;
using Which = DeliveryQuery::Which;

EventTime at(std::int64_t milliseconds) { return EventTime{std::chrono::milliseconds{milliseconds}}; }

/// A delivery about signal 1; texts are the test's own.
DeliveryRow delivery(std::string_view sink, std::string_view key, std::string_view blob, std::uint64_t signal = 1) {
  return {.sink = sink, .thread = "t", .key = key, .signal = {signal, signal}, .written_at = at(5), .blob = blob};
}

std::vector<std::string> shown(const Reader& reader, const DeliveryQuery& query = {}) {
  std::vector<std::string> lines;
  const Visit<DeliveryRow> visit = [&](const DeliveryRow& row) -> Result<void> {
    lines.push_back(std::to_string(row.number) + " " + std::string(row.sink) + " " + std::string(row.thread) + " " +
                    std::string(row.key) + " " + std::string(row.blob.substr(1)) + " " +
                    std::to_string(row.written_at.time_since_epoch().count()) +
                    (row.parked_at ? " parked: " + std::string(row.why) : ""));
    return {};
  };
  reader.each_delivery(query, visit).value();
  return lines;
}

TEST(OutboxTables, KeepDeliveriesInTheOrderTheyWereWritten) {
  const TemporaryFolder folder;
  const std::string text = blob("m");
  {
    Database database = Database::open(store_in(folder)).value();
    EXPECT_THAT(
        database.outbox().commit({.deliveries = {delivery("soc", "a.1", text), delivery("chat", "a.1", text)}}).value(),
        ElementsAre(1, 2));
    EXPECT_THAT(
        database.outbox().commit({.deliveries = {delivery("soc", "b.1", text), delivery("soc", "a.1", text)}}).value(),
        ElementsAre(3, 0))
        << "a key is written once for a sink";
    EXPECT_EQ(database.last_journal(), 0u) << "it is no commit";
  }
  const Reader reader = Reader::open(store_in(folder)).value();
  EXPECT_THAT(shown(reader), ElementsAre("1 soc t a.1 m 5", "2 chat t a.1 m 5", "3 soc t b.1 m 5"));
  EXPECT_THAT(shown(reader, {.sink = "soc"}), ElementsAre("1 soc t a.1 m 5", "3 soc t b.1 m 5"));
  EXPECT_THAT(shown(reader, {.after = 1, .limit = 1}), ElementsAre("2 chat t a.1 m 5"));
  EXPECT_TRUE(reader.check().value().empty());
}

TEST(OutboxTables, CommitDeliveriesRoutingAndMarksTogether) {
  const TemporaryFolder folder;
  const std::string text = blob("m"), one = blob("1"), two = blob("2");
  Database database = Database::open(store_in(folder)).value();
  database.outbox().commit({.routing = {{"a", one}, {"b", one}}, .meta = {{"routed", one}}}).value();
  database.outbox()
      .commit(
          {.deliveries = {delivery("soc", "a.1", text)}, .routing = {{"a", ""}, {"c", two}}, .meta = {{"routed", two}}})
      .value();
  std::vector<std::pair<std::string, std::string>> rows;
  const Visit<MetaRow> visit = [&](const MetaRow& row) -> Result<void> {
    rows.emplace_back(row.key, row.blob);
    return {};
  };
  database.read().each_routing_row(visit).value();
  EXPECT_THAT(rows, ElementsAre(Pair("b", one), Pair("c", two)));
  EXPECT_EQ(database.read().meta("routed").value(), two);
}

TEST(OutboxTables, SettleParkAndTryAgain) {
  const TemporaryFolder folder;
  const std::string text = blob("m");
  Database database = Database::open(store_in(folder)).value();
  OutboxTables& outbox = database.outbox();
  outbox.commit({.deliveries = {delivery("soc", "1", text), delivery("soc", "2", text), delivery("chat", "3", text)}})
      .value();
  using Kind = SettledRow::Kind;
  const SettledRow settled[] = {
      {.number = 1}, {.number = 2, .kind = Kind::kParked, .at = at(9), .why = "no"}, {.number = 77}};
  outbox.settle(settled).value();
  EXPECT_THAT(shown(database.read(), {.which = Which::kWaiting}), ElementsAre("3 chat t 3 m 5"));
  EXPECT_THAT(shown(database.read(), {.which = Which::kParked}), ElementsAre("2 soc t 2 m 5 parked: no"));
  const auto counts = database.read().outbox_counts().value();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].sink, "chat");
  EXPECT_EQ(counts[0].oldest, at(5));
  EXPECT_EQ(counts[1].waiting, 0u);
  EXPECT_EQ(counts[1].parked, 1u);
  EXPECT_EQ(counts[1].oldest, std::nullopt);
  const SettledRow again[] = {{.number = 2, .kind = Kind::kWaiting}};
  outbox.settle(again).value();
  EXPECT_THAT(shown(database.read()), ElementsAre("2 soc t 2 m 5", "3 chat t 3 m 5"));
  const SettledRow all[] = {{.number = 2}, {.number = 3}};
  outbox.settle(all).value();
  EXPECT_THAT(outbox.commit({.deliveries = {delivery("soc", "4", text)}}).value(), ElementsAre(4))
      << "numbers are never used again";
}

TEST(OutboxTables, ForgetParkedDeliveriesWithTheirSignal) {
  const TemporaryFolder folder;
  const std::string text = blob("m");
  Database database = Database::open(store_in(folder)).value();
  CommitRows rows;
  rows.journal = text;
  for (std::uint64_t id = 1; id <= 2; ++id) rows.signals.push_back(signal_row(id, id == 2, 100, text));
  database.commit(rows).value();
  database.outbox()
      .commit({.deliveries = {delivery("soc", "1", text), delivery("soc", "2", text), delivery("soc", "3", text, 2)}})
      .value();
  const SettledRow parked[] = {{.number = 1, .kind = SettledRow::Kind::kParked, .at = at(9), .why = "no"},
                               {.number = 3, .kind = SettledRow::Kind::kParked, .at = at(9), .why = "no"}};
  database.outbox().settle(parked).value();
  EXPECT_EQ(database.forget_signals({.changed_before = at(1000)}).value(), 1u);
  EXPECT_THAT(shown(database.read()), ElementsAre("2 soc t 2 m 5", "3 soc t 3 m 5 parked: no"))
      << "what waits is told of by who finds no signal for it";
  EXPECT_EQ(database.outbox().forgotten(), 1u);
}

TEST(OutboxTables, ArePartOfWhatACheckLooksAt) {
  const TemporaryFolder folder;
  const std::string text = blob("m");
  { Database::open(store_in(folder)).value().outbox().commit({.deliveries = {delivery("soc", "1", text)}}).value(); }
  Connection::open(store_in(folder), Connection::Mode::kWrite, "")
      .value()
      ->run("UPDATE outbox SET signal = x'00', value = x'00'", "test")
      .value();
  EXPECT_THAT(Reader::open(store_in(folder)).value().check().value(),
              ElementsAre("1 deliveries have a signal whose id is wrong",
                          "1 blobs in table outbox do not begin with a version"));
}

}  // namespace
}  // namespace tripline::engine::store
