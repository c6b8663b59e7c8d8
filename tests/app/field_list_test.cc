#include "app/field_list.h"

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

TEST(FieldList, HoldsEachFieldOnceAndWarnsOfThoseThatCloudTrailLacks) {
  const struct {
    std::string text;
    bool cloudtrail;
    std::vector<std::string> fields;
    std::string said;
  } cases[] = {
      {"", true, {}, ""},
      {"eventName, awsRegion,eventName", true, {"eventName", "awsRegion"}, ""},
      {"outcome,actor.name,requestParameters.x.y", true, {"outcome", "actor.name", "requestParameters.x.y"}, ""},
      {"eventname",
       true,
       {"eventname"},
       "tripline: warning: --fields: CloudTrail has no field eventname; did you mean eventName?\n"},
      {"zzz", true, {"zzz"}, "tripline: warning: --fields: CloudTrail has no field zzz\n"},
      {"zzz", false, {"zzz"}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    CapturedConsole captured;
    EXPECT_EQ(field_list(c.text, c.cloudtrail, captured.console()), c.fields);
    EXPECT_EQ(captured.err(), c.said);
  }
}

}  // namespace
}  // namespace tripline::app
