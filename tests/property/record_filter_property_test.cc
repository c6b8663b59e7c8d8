#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/key_scan.h"
#include "engine/matcher.h"
#include "engine/record_filter.h"
#include "tests/support/random_rules.h"
#include "tests/support/slow_evaluate.h"

namespace tripline {
namespace {

using engine::RecordFilter;
using tests::RandomRules;

/// A record with what the filter may read behind it.
class Padded {
 public:
  explicit Padded(const std::string& json)
      : text_(json + std::string(engine::kRecordPadding, ' ')), size_(json.size()) {}
  std::string_view json() const { return std::string_view(text_).substr(0, size_); }

 private:
  std::string text_;
  std::size_t size_;
};

bool dismisses(const RecordFilter& filter, const std::string& json) {
  engine::EventIdentity identity;
  return filter.dismisses(Padded(json).json(), identity);
}

class RecordFilterProperty : public testing::Test {
 protected:
  void SetUp() override {
    if (!engine::key_scan_is_fast()) GTEST_SKIP() << "this machine has no AVX2, so no record is ever dismissed";
  }
};

TEST_F(RecordFilterProperty, WhatADetectionMatchesIsNeverDismissed) {
  std::size_t dismissed = 0, matched = 0;
  for (unsigned seed = 1; seed <= 600; ++seed) {
    RandomRules random(seed);
    const auto rules = random.rules(12);
    std::vector<std::pair<std::uint32_t, RecordFilter>> filters;
    for (std::uint32_t d = 0; d < rules->detections.size(); ++d) {
      RecordFilter filter({needs_of(rules->detections[d], *rules)}, rules->fields);
      if (filter.usable()) filters.emplace_back(d, std::move(filter));
    }
    for (int i = 0; i < 40; ++i) {
      const std::string written = R"({"eventID":"e-1",)" + random.record().substr(1);
      const tests::Json record = tests::parse_json(written);
      for (const std::string& json : {written, tests::compact(record)}) {
        for (const auto& [d, filter] : filters) {
          const bool holds = tests::slow_holds(rules->detections[d].condition, *rules, record);
          matched += holds ? 1 : 0;
          if (!dismisses(filter, json)) continue;
          ++dismissed;
          ASSERT_FALSE(holds) << "seed " << seed << ": " << json;
        }
      }
    }
  }
  EXPECT_GT(dismissed, 5000U);
  EXPECT_GT(matched, 250U);
}

}  // namespace
}  // namespace tripline
