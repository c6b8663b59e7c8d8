#include "engine/arn.h"

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(Arn, HasSixParts) {
  const auto arn = parse_arn("arn:aws-cn:iam::111122223333:role/ci/Deploy");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws-cn");
  EXPECT_EQ(arn->service, "iam");
  EXPECT_EQ(arn->region, "");
  EXPECT_EQ(arn->account, "111122223333");
  EXPECT_EQ(arn->resource, "role/ci/Deploy");
  EXPECT_EQ(arn->resource_type(), "role");
  EXPECT_EQ(arn->resource_name(), "Deploy");
  const auto topic = parse_arn("arn:aws:sns:eu-west-1:111122223333:topic:with:colons");
  ASSERT_TRUE(topic);
  EXPECT_EQ(topic->resource, "topic:with:colons");
  for (const std::string_view text : {"", "arn:", "arn:aws:iam::1", "aws:iam::111122223333:root", "111122223333"}) {
    EXPECT_FALSE(parse_arn(text)) << text;
  }
}

TEST(Arn, OfAnAssumedRoleNamesRoleAndSession) {
  const auto read = [](std::string_view text) { return parse_assumed_role(parse_arn(text).value()); };
  const auto assumed = read("arn:aws:sts::111122223333:assumed-role/Deploy/alice@example.com");
  ASSERT_TRUE(assumed);
  EXPECT_EQ(assumed->role, "Deploy");
  EXPECT_EQ(assumed->session, "alice@example.com");
  for (const std::string_view text :
       {"arn:aws:sts::111122223333:assumed-role/Deploy", "arn:aws:iam::111122223333:role/ci/Deploy",
        "arn:aws:sts::111122223333:assumed-role", "arn:aws:sts::111122223333:assumed-roles/a/b"}) {
    EXPECT_FALSE(read(text)) << text;
  }
}

TEST(Arn, OfAServiceLinkedRoleNamesItsService) {
  EXPECT_EQ(owner_of_role("arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"),
            "rds.amazonaws.com");
  EXPECT_EQ(owner_of_role("arn:aws:iam::111122223333:role/service-role/Resize"), "");
  EXPECT_EQ(owner_of_role(""), "");
}

TEST(Arn, PartitionComesWithTheRegion) {
  EXPECT_EQ(partition_of_region("eu-west-1"), "aws");
  EXPECT_EQ(partition_of_region(""), "aws");
  EXPECT_EQ(partition_of_region("cn-north-1"), "aws-cn");
  EXPECT_EQ(partition_of_region("us-gov-west-1"), "aws-us-gov");
}

}  // namespace
}  // namespace tripline::engine
