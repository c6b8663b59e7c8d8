#include "engine/secrets.h"

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(Secrets, AreToldByTheLastStepOfAPath) {
  for (const auto* path : {"responseElements.credentials.sessionToken", "responseElements.accessKey.secretAccessKey",
                           "requestParameters.masterUserPassword", "requestParameters.newPassword", "PASSWORD",
                           "requestParameters.X-Amz-Security-Token"}) {
    EXPECT_TRUE(is_secret(path)) << path;
  }
  for (const auto* path : {"userIdentity.accessKeyId", "requestParameters.passwordReset",
                           "requestParameters.password.x", "eventName", ""}) {
    EXPECT_FALSE(is_secret(path)) << path;
  }
}

TEST(Secrets, AreFoundAsKeysOfJson) {
  EXPECT_TRUE(holds_secret(R"({"a":{"sessionToken":"x"}})"));
  EXPECT_TRUE(holds_secret(R"({"MasterUserPassword":"x"})"));
  EXPECT_TRUE(holds_secret(R"({"document":"{\"sessionToken\":\"x\"}"})")) << "in a string";
  EXPECT_TRUE(holds_secret("%7B%22sessionToken%22%3A%22x%22%7D")) << "percent-encoded";
  EXPECT_TRUE(holds_secret(R"({"passwordReset":true,"password":"x"})")) << "behind a word that only begins like one";
  EXPECT_TRUE(holds_secret(R"({"p\u0061ssword":"x"})")) << "with a letter that is written as no letter ever is";
  EXPECT_TRUE(holds_secret("%7B%22p%61ssword%22%3A%22x%22%7D"));
  EXPECT_FALSE(holds_secret(R"({"passwordReset":true,"accessKeyId":"AKIAX"})"));
  EXPECT_FALSE(holds_secret(R"({"url":"\u003ca%20b%C3%A9\u00e9\u003e 100%","end":"\u00"})"));
}

TEST(Secrets, AreToldBesideTheNamesOfSettings) {
  for (const auto* key : {"name", "Name", "parameterKey", "optionName"}) EXPECT_TRUE(names_setting(key)) << key;
  for (const auto* key : {"", "userName", "names"}) EXPECT_FALSE(names_setting(key)) << key;
  for (const auto* path : {"value", "requestParameters.environment.Value", "parameters.parameterValue"}) {
    EXPECT_TRUE(is_setting(path)) << path;
  }
  for (const auto* path : {"", "value.name", "requestParameters.values"}) EXPECT_FALSE(is_setting(path)) << path;
}

}  // namespace
}  // namespace tripline::engine
