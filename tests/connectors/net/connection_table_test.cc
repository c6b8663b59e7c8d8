#include "connectors/net/connection_table.h"

#include <vector>

#include <gtest/gtest.h>

namespace tripline::connectors::net {
namespace {

using Entry = ConnectionTable::Entry;

HttpLimits limits_of(std::size_t connections, std::size_t per_address) {
  HttpLimits limits;
  limits.max_connections = connections;
  limits.max_connections_per_address = per_address;
  return limits;
}

struct Table : ConnectionTable {
  using ConnectionTable::ConnectionTable;

  Entry enter_as(const std::string& share) {
    Id id = 0;
    const auto entry = enter(share, id);
    if (entry == Entry::kIn || entry == Entry::kInForAnother) set_cut(id, [this, id] { cut.push_back(id); });
    return entry;
  }

  std::vector<Id> cut;
};

TEST(ConnectionTable, ClosesTheOneThatIsIdleLongestForANewcomer) {
  Table table(limits_of(3, 9));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(table.enter_as("a"), Entry::kIn);
  EXPECT_TRUE(table.begin(0));
  EXPECT_TRUE(table.begin(1));
  EXPECT_TRUE(table.rest(0));
  EXPECT_EQ(table.enter_as("a"), Entry::kInForAnother);
  EXPECT_EQ(table.cut, std::vector<Table::Id>{2});
  EXPECT_FALSE(table.begin(2));  // its request came too late
  EXPECT_TRUE(table.begin(0));
  EXPECT_TRUE(table.begin(3));
  EXPECT_EQ(table.enter_as("a"), Entry::kFull);
  table.leave(2);
  EXPECT_EQ(table.enter_as("a"), Entry::kFull);
  table.leave(1);
  EXPECT_EQ(table.enter_as("a"), Entry::kIn);
}

TEST(ConnectionTable, GivesEachAddressItsShareAlone) {
  Table table(limits_of(9, 2));
  EXPECT_EQ(table.enter_as("a"), Entry::kIn);
  EXPECT_EQ(table.enter_as("a"), Entry::kIn);
  EXPECT_EQ(table.enter_as("a"), Entry::kAddressFull);
  EXPECT_EQ(table.enter_as("b"), Entry::kIn);
  table.leave(0);
  EXPECT_EQ(table.enter_as("a"), Entry::kIn);
  EXPECT_TRUE(table.cut.empty());
}

TEST(ConnectionTable, ClosesIdleOnesAndLetsNobodyInAtTheEnd) {
  Table table(limits_of(9, 9));
  for (int i = 0; i < 3; ++i) table.enter_as("a");
  table.begin(1);
  table.close();
  EXPECT_EQ(table.cut, (std::vector<Table::Id>{0, 2}));
  EXPECT_EQ(table.enter_as("b"), Entry::kClosed);
  EXPECT_FALSE(table.rest(1));
  EXPECT_EQ(table.wait_until_empty(std::chrono::milliseconds{0}), 3u);
  for (const Table::Id id : {0, 1, 2}) table.leave(id);
  EXPECT_EQ(table.wait_until_empty(std::chrono::milliseconds{0}), 0u);
}

TEST(ConnectionTable, CountsIpv6ByNetwork) {
  EXPECT_EQ(ConnectionTable::share_of("2001:db8:1:2:3:4:5:6"), ConnectionTable::share_of("2001:db8:1:2::1"));
  EXPECT_NE(ConnectionTable::share_of("2001:db8:1:2::1"), ConnectionTable::share_of("2001:db8:1:3::1"));
  EXPECT_EQ(ConnectionTable::share_of("fe80::1%eth0"), "fe80::/64");
  EXPECT_EQ(ConnectionTable::share_of("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(ConnectionTable::share_of("::ffff:192.0.2.1"), ConnectionTable::share_of("::ffff:192.0.2.2"));
}

}  // namespace
}  // namespace tripline::connectors::net
