#include "engine/record_filter.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/key_scan.h"
#include "engine/record.h"

namespace tripline::engine {
namespace {

using Kind = NeededLiteral::Kind;

class RecordFilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!key_scan_is_fast()) GTEST_SKIP() << "this machine has no AVX2, so no record is ever dismissed";
  }

  void wants(const char* path, Kind kind, const char* text) {
    needs_.push_back({});
    needs_.back().literals.push_back({fields_.intern(path), kind, text});
  }

  /// `record` with an eventID at its end.
  bool dismisses(const std::string& record) {
    return dismisses_as_it_is(record.substr(0, record.size() - 1) + (record == "{}" ? "" : ",") +
                              R"("eventID":"e-1"})");
  }

  bool dismisses_as_it_is(const std::string& record) {
    RecordFilter filter(needs_, fields_);
    EXPECT_TRUE(filter.usable());
    padded_ = record + std::string(kRecordPadding, '"');  // what stands behind a record may be anything
    return filter.dismisses(std::string_view(padded_).substr(0, record.size()), identity_);
  }

  FieldTable fields_;
  std::vector<Needs> needs_;
  std::string padded_;
  EventIdentity identity_;
};

TEST_F(RecordFilterTest, LetsPassWhateverTextAFieldHasWhereAnyIsWanted) {
  wants("sharedEventID", Kind::kAnyText, "");
  wants("eventName", Kind::kEquals, "assumerole");
  EXPECT_FALSE(dismisses(R"({"sharedEventID":"8a2c"})"));
  EXPECT_FALSE(dismisses(R"({"eventName":"AssumeRole"})"));
  EXPECT_TRUE(dismisses(R"({"sharedEventID":null})"));
  EXPECT_TRUE(dismisses(R"({"eventName":"ListBuckets","other":"8a2c"})"));
}

TEST_F(RecordFilterTest, DismissesWhatHoldsNoneOfTheLiteralsInTheirFields) {
  wants("eventName", Kind::kEquals, "stoplogging");
  wants("userIdentity.type", Kind::kEquals, "root");
  wants("userIdentity.arn", Kind::kContains, ":assumed-role/aws:");
  wants("readOnly", Kind::kEquals, "false");
  const struct {
    const char* record;
    bool dismissed;
  } rows[] = {
      {R"({"eventName":"ListBuckets"})", true},
      {R"({"eventName":"StopLogging"})", false},
      {R"({"eventName":"STOPLOGGING"})", false},
      {R"({"eventName":"StopLogging2"})", true},
      {R"({"other":"StopLogging"})", true},
      {R"({"eventName":null})", true},
      {R"({"eventName":["StopLogging"]})", false},
      {R"({"eventName":["Other"]})", false},  // too hard to tell
      {R"({"eventName":{"a":"StopLogging"}})", true},
      {R"({"eventName":12})", false},
      {R"({"userIdentity":{"type":"Root"}})", false},
      {R"({"userIdentity":{"type":"IAMUser"}})", true},
      {R"({"userIdentity.type":"Root"})", false},
      {R"({"a":{"type":"Root"}})", false},  // the depth is not known
      {R"({"resources":[{"type":"AWS::S3::Object"}]})", true},
      {R"({"userIdentity":{"arn":"arn:aws:sts::1:assumed-role/AWS:x"}})", false},
      {R"({"userIdentity":{"arn":"arn:aws:sts::1:assumed-role/x"}})", true},
      {R"({"userIdentity":"%7B%22type%22:%22Root%22%7D"})", false},
      {R"({"userIdentity":"{\"type\":\"Root\"}"})", false},
      {R"({"userIdentity":["{\"type\":\"Root\"}"]})", false},
      {R"({"readOnly":false})", false},
      {R"({"readOnly":true})", true},
      {R"({"readOnly":"false"})", false},
      {R"({"eventName":"Stop\u004cogging"})", false},
      {R"({"eventName":"a\/b"})", false},
      {R"({"event\u004eame":"StopLogging"})", false},
      {R"({"requestParameters":"{\"a\":\"b\\n\"}","eventName":"x"})", true},
      {R"({"eventName" : "StopLogging"})", false},
      {R"({"eventName": "StopLogging"})", false},
      {R"({"userIdentity": "%7B%22type%22:%22Root%22%7D"})", false},
      {R"({"eventName":"x", "a": 1})", true},
      {"{\"eventName\":\"x\",\n\"a\":1}", false},
      {R"({"a":{},"b":[],"c":[{}],"d":-0.5,"e":1000,"f":null,"g":[1,"x",true]})", true},
      {"{}", true},
      {R"({"a":1e3})", true},
      {"{\"a\":\"caf\xc3\xa9\"}", false},
  };
  for (const auto& row : rows) EXPECT_EQ(dismisses(row.record), row.dismissed) << row.record;
}

TEST_F(RecordFilterTest, LeavesRecordsToTheParserThatItCannotRead) {
  wants("eventName", Kind::kEquals, "stoplogging");
  EXPECT_TRUE(dismisses_as_it_is(R"({"eventName":"x","eventID":"e-1"})"));
  for (const char* record : {
           R"({"eventName":"x"})",  // no eventID: not a record of ours
           R"({"eventName" : "StopLogging","eventID" : "e-1"})",
           R"({"eventName":tru,"eventID":"e-1"})",
           R"({"eventName":,"eventID":"e-1"})",
           R"({"eventName":01x,"eventID":"e-1"})",
           "{\"a\":\"b\nc\",\"eventID\":\"e-1\"}",
           "{\"a\":\"\xff\",\"eventID\":\"e-1\"}",
           R"({"a":"\u12","eventID":"e-1"})",
       }) {
    EXPECT_FALSE(dismisses_as_it_is(record)) << record;
  }
}

TEST_F(RecordFilterTest, TellsWhichEventADismissedRecordIs) {
  wants("eventName", Kind::kEquals, "stoplogging");
  ASSERT_TRUE(dismisses_as_it_is(R"({"eventID":"e-1","recipientAccountId":"111122223333","eventName":"x"})"));
  EXPECT_EQ(identity_.event_id, "e-1");
  EXPECT_EQ(identity_.account, "111122223333");
  ASSERT_TRUE(dismisses_as_it_is(R"({"eventName":"x","eventID":"e-2"})"));
  EXPECT_EQ(identity_.account, "");
  // Which of two counts depends on the depth.
  EXPECT_FALSE(dismisses_as_it_is(R"({"a":{"eventID":"e-1"},"eventID":"e-2"})"));
  EXPECT_FALSE(dismisses_as_it_is(R"({"eventID":12})"));
}

TEST_F(RecordFilterTest, LooksAtEveryBlockOfALongRecord) {
  wants("eventName", Kind::kEquals, "stoplogging");
  for (std::size_t size = 0; size < 9000; size += size < 300 || (size > 4000 && size < 4200) ? 1 : 97) {
    const std::string filler(size, 'x');
    EXPECT_TRUE(dismisses(R"({"a":")" + filler + R"(","eventName":"Other"})")) << size;
    EXPECT_FALSE(dismisses(R"({"a":")" + filler + R"(","eventName":"StopLogging"})")) << size;
    EXPECT_FALSE(dismisses(R"({"a":")" + filler + "\xff" + R"("})")) << size;
  }
  std::string many = R"({"a":[1)";
  for (int i = 0; i < 5000; ++i) many += R"(,{"b":"c"})";
  EXPECT_TRUE(dismisses(many + "]}"));
  EXPECT_FALSE(dismisses(many + R"(],"eventName":"StopLogging"})"));
}

TEST_F(RecordFilterTest, IsNoUseToConsumersThatCannotSayWhatTheyNeedOfTheRecord) {
  const auto usable = [&](const Needs& one) { return RecordFilter({one}, fields_).usable(); };
  const FieldId name = fields_.intern("eventName");
  EXPECT_TRUE(usable({{}, {{name, Kind::kEquals, "x"}}, false}));
  EXPECT_TRUE(usable({{}, {}, false}));  // it needs what there never is
  EXPECT_FALSE(usable({{}, {}, true}));
  EXPECT_FALSE(usable({{}, {{kNoField, Kind::kContains, "xyz"}}, false}));
  EXPECT_FALSE(usable({{}, {{name, Kind::kNumber, "1"}}, false}));
  EXPECT_FALSE(usable({{}, {{fields_.intern("outcome"), Kind::kEquals, "denied"}}, false}));
  EXPECT_FALSE(usable({{}, {{fields_.intern("requestParameters.ip"), Kind::kEquals, "x"}}, false}));
  EXPECT_FALSE(usable({{}, {{fields_.intern("a.b/c"), Kind::kEquals, "x"}}, false}));
}

}  // namespace
}  // namespace tripline::engine
