#include "connectors/s3_path.h"

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

TEST(S3Path, SaysAccountKindRegionAndDeliveryTime) {
  const struct {
    std::string_view path;
    std::string_view kind;
    std::string_view region;
    std::string_view delivered;
  } cases[] = {
      {"AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/15/"
       "123456789012_CloudTrail_eu-west-1_20260115T1010Z_AbCdEfGhIjKlMnOp.json.gz",
       "CloudTrail", "eu-west-1", "2026-01-15T10:10:00Z"},
      {"s3/prefix/AWSLogs/o-abcdefghij/123456789012/CloudTrail-Insight/us-gov-west-1/2026/01/15/"
       "123456789012_CloudTrail-Insight_us-gov-west-1_20260115T2359Z_AbCdEfGhIjKlMnOp.json.gz",
       "CloudTrail-Insight", "us-gov-west-1", "2026-01-15T23:59:00Z"},
      {"123456789012_CloudTrail-NetworkActivity_ap-southeast-2_20240229T0000Z_x.json", "CloudTrail-NetworkActivity",
       "ap-southeast-2", "2024-02-29T00:00:00Z"},
      {"./123456789012_CloudTrail-Aggregated_eu-west-1_20260115T1010Z_AbCdEfGhIjKlMnOp.json.gz",
       "CloudTrail-Aggregated", "eu-west-1", "2026-01-15T10:10:00Z"},
      {"123456789012_CloudTrail-Digest_eu-west-1_my_org-trail_us-east-1_20260115T101112Z.json.gz", "CloudTrail-Digest",
       "eu-west-1", "2026-01-15T10:11:12Z"},
      {"123456789012_CloudTrail-Digest_eu-west-1_trail_us-east-1_20260115T101112Z_backfill.json.gz",
       "CloudTrail-Digest", "eu-west-1", "2026-01-15T10:11:12Z"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const auto parsed = parse_s3_path(c.path);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->account, "123456789012");
    EXPECT_EQ(parsed->kind, c.kind);
    EXPECT_EQ(parsed->region, c.region);
    EXPECT_EQ(engine::format_time(parsed->delivered), c.delivered);
    EXPECT_EQ(parsed->is_digest(), c.kind == "CloudTrail-Digest");
  }
}

TEST(S3Path, IsNoOtherName) {
  for (const std::string_view path : {
           "",
           "events.json.gz",
           "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/15/events.json.gz",
           "12345678901_CloudTrail_eu-west-1_20260115T1010Z_AbCdEfGhIjKlMnOp.json.gz",
           "123456789012_Config_eu-west-1_20260115T1010Z_AbCdEfGhIjKlMnOp.json.gz",
           "123456789012_CloudTrail_europe_20260115T1010Z_AbCdEfGhIjKlMnOp.json.gz",
           "123456789012_CloudTrail_eu-west-1_20261315T1010Z_AbCdEfGhIjKlMnOp.json.gz",
           "123456789012_CloudTrail_eu-west-1_20260115T1010_AbCdEfGhIjKlMnOp.json.gz",
           "123456789012_CloudTrail_eu-west-1_20260115T1010Z.json.gz",
           "123456789012_CloudTrail_eu-west-1_20260115T1010Z_AbCd-fGh.json.gz",
           "123456789012_CloudTrail_eu-west-1_20260115T1010Z_AbCdEfGhIjKlMnOp.csv",
           "123456789012_CloudTrail-Digest_eu-west-1_trail_us-east-1.json.gz",
           "____.json",
       }) {
    EXPECT_FALSE(parse_s3_path(path)) << path;
  }
}

}  // namespace
}  // namespace tripline::connectors
