#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/file_source.h"
#include "connectors/record_reader.h"
#include "engine/matcher.h"
#include "engine/record_filter.h"
#include "rules/loader.h"
#include "tests/support/places.h"
#include "tests/support/slow_evaluate.h"

namespace tripline {
namespace {

/// Calls `visit` for each record that is JSON below `paths`. Returns how many there were.
std::size_t each_record(const std::vector<std::string>& paths, engine::Event& event,
                        const std::function<void(std::size_t)>& visit) {
  std::size_t records = 0;
  const auto source = connectors::FileSource::open(paths);
  EXPECT_TRUE(source.has_value());
  if (!source) return 0;
  for (;;) {
    const auto envelope = (*source)->next();
    if (!envelope || !*envelope) return records;
    connectors::RecordReader reader(**envelope, {});
    connectors::RecordBatch batch;
    while (reader.next(batch).value()) {
      for (const engine::Record& record : batch.records) {
        if (event.read(record)) visit(records++);
      }
    }
  }
}

class RealLogsProperty : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* path : {"data/sigma", "data/cloudtrail/invictus", "data/cloudtrail/sans504"}) {
      if (!std::filesystem::exists(tests::shared(path))) GTEST_SKIP() << tests::missing(path);
    }
    logs_ = {tests::shared("data/cloudtrail/invictus").string(), tests::shared("data/cloudtrail/sans504").string()};
  }

  static std::shared_ptr<const engine::RuleSet> load(const std::string& folder, bool any_log_source) {
    rules::LoadOptions options;
    options.any_log_source = any_log_source;
    return rules::load_rules({folder}, options).value().rules;
  }

  std::vector<std::string> logs_;
};

TEST_F(RealLogsProperty, TheIndexFindsWhatAFullScanFindsForThePublicAwsRules) {
  const auto rules = load(tests::shared("data/sigma/aws/rules").string(), false);
  ASSERT_EQ(rules->detections.size(), 57U);
  engine::Event event(rules->fields);
  engine::Matcher matcher(rules);
  const engine::RecordFilter filter(needs_of(*rules), rules->fields);
  std::size_t matches = 0, dismissed = 0;
  const std::size_t records = each_record(logs_, event, [&](std::size_t i) {
    const auto found = engine::full_scan(*rules, event);
    ASSERT_EQ(matcher.match(event), found) << event.record().json;
    matches += found.size();
    engine::EventIdentity identity;
    if (filter.usable() && filter.dismisses(event.record().json, identity)) {
      ++dismissed;
      ASSERT_TRUE(found.empty()) << event.record().json;
      ASSERT_EQ(identity.event_id, event.find_text("eventID")) << event.record().json;
      ASSERT_EQ(identity.account, event.find_text("recipientAccountId")) << event.record().json;
    }
    if (i % 20 != 0) return;
    const tests::Json record = tests::parse_json(event.record().json);
    for (engine::PredicateId id = 0; id < rules->predicates.size(); ++id) {
      ASSERT_EQ(engine::evaluate(rules->predicates[id], event),
                tests::slow_evaluate(rules->predicates[id], rules->fields, record))
          << describe(rules->predicates[id], rules->fields) << '\n'
          << event.record().json;
    }
  });
  EXPECT_GT(records, 10000U);
  EXPECT_GT(matches, 100U);
  EXPECT_GT(dismissed, filter.usable() ? records * 2 / 3 : 0);
}

TEST_F(RealLogsProperty, TheIndexFindsWhatAFullScanFindsForAllPublicRules) {
  const tests::TemporaryFolder folder;
  const std::string archive = tests::shared("data/sigma/all-rules.tar.gz").string();
  ASSERT_EQ(std::system(("tar -xzf '" + archive + "' -C '" + folder.path().string() + "'").c_str()), 0);
  const auto rules = load(folder.path().string(), true);
  ASSERT_GT(rules->detections.size(), 3700U);
  engine::Event event(rules->fields);
  engine::Matcher matcher(rules);
  std::size_t scanned = 0;
  each_record(logs_, event, [&](std::size_t i) {
    const auto& found = matcher.match(event);
    if (i % 400 != 0) return;
    ++scanned;
    ASSERT_EQ(found, engine::full_scan(*rules, event)) << event.record().json;
  });
  EXPECT_GT(scanned, 25U);
  // The index must dismiss nearly all, or else it is of no use.
  EXPECT_LT(matcher.counts().candidates, matcher.counts().events * rules->detections.size() / 50);
}

}  // namespace
}  // namespace tripline
