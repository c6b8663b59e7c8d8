#include "app/firehose_batch.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/net/firehose_body.h"
#include "tests/support/deliveries.h"

namespace tripline::app {
namespace {

TEST(FirehoseBatch, IsABodyThatTheServerReads) {
  FirehoseBatch batch({});
  std::vector<std::string> events;
  for (const char* name : {"A", "Ab", "Abc", "Abcd"}) events.push_back(tests::record(name));
  for (const auto& event : events) EXPECT_TRUE(batch.add(event));
  EXPECT_EQ(batch.records(), 4u);
  const std::string body = batch.take("id-1", 1768471872345);
  EXPECT_EQ(body.rfind(R"({"requestId":"id-1","timestamp":1768471872345,"records":[{"data":")", 0), 0u);
  const auto read = connectors::net::read_firehose_body(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->request_id, "id-1");
  const auto delivery = tests::read_body(body);
  EXPECT_EQ(delivery.records, events);
  EXPECT_TRUE(delivery.set_aside.empty());
  EXPECT_EQ(batch.records(), 0u);
  EXPECT_EQ(batch.take("id-2", 1), R"({"requestId":"id-2","timestamp":1,"records":[]})");
}

TEST(FirehoseBatch, IsFullBySizeAndByCount) {
  FirehoseBatch two({.max_records = 2, .max_bytes = 1000});
  EXPECT_TRUE(two.add("{}"));
  EXPECT_TRUE(two.add("{}"));
  EXPECT_FALSE(two.add("{}"));
  FirehoseBatch small({.max_records = 100, .max_bytes = 1000});
  EXPECT_TRUE(small.add(std::string(600, 'x')));
  EXPECT_FALSE(small.add(std::string(600, 'x')));
  small.take("id", 1);
  EXPECT_TRUE(small.add(std::string(5000, 'x')));  // larger than any batch may be: it goes alone
  EXPECT_FALSE(small.add("{}"));
}

}  // namespace
}  // namespace tripline::app
