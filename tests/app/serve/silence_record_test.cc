#include "app/serve/silence_record.h"

#include <string>

#include <gtest/gtest.h>

#include "app/serve/live_status.h"
#include "tests/support/load_rules.h"
#include "tests/support/places.h"

namespace tripline::app {
namespace {

using std::chrono::hours;
using Kind = LastSeen::Kind;

const engine::EventTime kSince = *engine::parse_time("2026-12-01T09:50:00Z");
const Silent kOne{Kind::kSource, "org \"trail\"", kSince, kSince + hours{2}, true};

TEST(SilenceRecord, SaysInCloudTrailsFormWhoIsSilentSinceWhen) {
  const std::string record = silence_record(kOne);
  EXPECT_EQ(record.substr(0, record.find(R"("eventID")")),
            R"({"eventVersion":"1.11","eventTime":"2026-12-01T11:50:00Z","eventSource":"tripline",)"
            R"("eventName":"SenderSilent",)");
  EXPECT_EQ(record.substr(record.find(R"("userIdentity")")),
            R"("userIdentity":{"type":"AWSService","invokedBy":"tripline"},"requestParameters":{"kind":"source",)"
            R"("name":"org \"trail\"","lastSeen":"2026-12-01T09:50:00Z"}})");
}

TEST(SilenceRecord, IsTheSameEventForTheSameSilenceAlone) {
  const auto id_of = [](const Silent& one) {
    const std::string record = silence_record(one);
    return record.substr(record.find(R"("eventID":")") + 11, 32);
  };
  Silent account = kOne, later = kOne;
  account.kind = Kind::kAccount;
  later.since += hours{1};
  EXPECT_EQ(id_of(kOne), id_of(Silent(kOne)));
  EXPECT_NE(id_of(kOne), id_of(account));
  EXPECT_NE(id_of(kOne), id_of(later));
}

TEST(SilenceRecord, IsNoSignOfLifeOfAnybody) {
  LiveStatus live;
  live.sources[silence_delivery(kOne).source].last_delivery = kSince;
  LastSeen seen;
  seen.take(live);
  EXPECT_TRUE(seen.all().empty());
  EXPECT_EQ(silence_record(kOne).find("recipientAccountId"), std::string::npos);
}

class SilenceRule : public tests::LoadRules {};

TEST_F(SilenceRule, OfThePackMatchesTheRecord) {
  const auto rule = tests::repository() / "rules/library/aws/cloudtrail/expected_sender_silent.yml";
  const auto loaded = rules::load_rules({rule.string()}, {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(matches(*loaded, silence_record(kOne)), "Expected Sender Is Silent");
}

}  // namespace
}  // namespace tripline::app
