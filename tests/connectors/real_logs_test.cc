// Reads the public logs that lie beside the repository, and finds all that their README counts.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "connectors/file_source.h"
#include "connectors/record_reader.h"
#include "engine/event.h"

namespace tripline {
namespace {

struct Totals {
  std::uint64_t records = 0;
  std::uint64_t unparsed = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t skipped = 0;
  std::uint64_t warnings = 0;
  std::uint64_t stored_bytes = 0;
  std::string first_problem;
};

class RealLogs : public testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("TRIPLINE_SHARED");
    folder_ = std::string(shared != nullptr ? shared : "../shared") + "/data/cloudtrail/";
    if (!std::filesystem::is_directory(folder_)) GTEST_SKIP() << "no logs at " << folder_ << "; set TRIPLINE_SHARED";
  }

  Totals read(const std::string& path) const {
    Totals totals;
    const auto source = connectors::FileSource::open({folder_ + path});
    EXPECT_TRUE(source) << source.error().message;
    if (!source) return totals;
    const engine::FieldTable fields;
    engine::Event event(fields);
    connectors::RecordBatch batch;
    for (auto envelope = (*source)->next(); *envelope; envelope = (*source)->next()) {
      connectors::RecordReader reader(**envelope, {});
      for (auto more = reader.next(batch); *more; more = reader.next(batch)) {
        totals.records += batch.records.size();
        for (const auto& record : batch.records) totals.unparsed += event.read(record) ? 0 : 1;
        totals.set_aside += batch.set_aside.size();
        totals.skipped += batch.skipped.size();
        totals.warnings += batch.warnings.size();
        totals.stored_bytes += batch.stored_bytes;
        if (totals.first_problem.empty() && !batch.set_aside.empty()) {
          totals.first_problem = (*envelope)->path + ": " + batch.set_aside.front().reason;
        }
      }
    }
    EXPECT_EQ(totals.stored_bytes, (*source)->bytes_on_disk());
    return totals;
  }

  std::string folder_;
};

TEST_F(RealLogs, GiveAsManyEventsAsTheirReadmeCounts) {
  const struct {
    std::string_view path;
    std::uint64_t records;
  } cases[] = {
      {"invictus", 2900},
      {"sans504", 30477},
      {"traildiscover", 314},
      {"opensearch-catalog", 840},
      {"cloud-custodian/eventbridge", 10},
      {"cloud-custodian/bare", 14},
      {"misc/trailscraper", 5},
      {"misc/cribl", 44},
      {"misc/console-actions", 4},
      {"misc/lookup-events", 6},
      {"misc/insight", 1},
      {"", 34615},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const Totals totals = read(std::string(c.path));
    EXPECT_EQ(totals.records, c.records);
    EXPECT_EQ(totals.unparsed, 0u);
    EXPECT_EQ(totals.set_aside, 0u) << totals.first_problem;
    EXPECT_EQ(totals.skipped, 0u);
  }
}

TEST_F(RealLogs, InTheBucketsOwnLayoutWarnOfNothing) { EXPECT_EQ(read("sans504").warnings, 0u); }

TEST_F(RealLogs, WithReplacedAccountNumbersWarnOncePerFile) { EXPECT_EQ(read("invictus").warnings, 55u); }

}  // namespace
}  // namespace tripline
