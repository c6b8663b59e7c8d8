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
  EXPECT_FALSE(holds_secret(R"({"passwordReset":true,"accessKeyId":"AKIAX"})"));
}

}  // namespace
}  // namespace tripline::engine
