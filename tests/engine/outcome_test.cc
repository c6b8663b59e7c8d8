#include "engine/outcome.h"

#include <gtest/gtest.h>

#include "engine/field.h"
#include "tests/support/events.h"

namespace tripline::engine {
namespace {

TEST(Outcome, IsSuccessFailureOrDenied) {
  const struct {
    std::string_view name, json, outcome;
  } cases[] = {
      {"no error", R"({"eventName":"ListBuckets"})", "success"},
      {"errorCode is null", R"({"errorCode":null,"errorMessage":null})", "success"},
      {"errorCode is empty", R"({"errorCode":""})", "success"},
      {"errorCode says Success", R"({"errorCode":"Success"})", "success"},
      {"an error", R"({"errorCode":"NoSuchBucketPolicy"})", "failure"},
      {"an error of EC2", R"({"errorCode":"Client.InvalidVolume.NotFound"})", "failure"},
      {"denied", R"({"errorCode":"AccessDenied"})", "denied"},
      {"denied, a JSON service", R"({"errorCode":"AccessDeniedException"})", "denied"},
      {"denied, EC2", R"({"errorCode":"Client.UnauthorizedOperation"})", "denied"},
      {"denied to a service is denied all the same",
       R"({"errorCode":"AccessDenied","userIdentity":{"type":"AWSService","invokedBy":"delivery.logs.amazonaws.com"}})",
       "denied"},
      {"a message alone is no failure", R"({"eventSource":"s3.amazonaws.com","errorMessage":"x"})", "success"},
      {"console sign-in",
       R"({"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"}})",
       "success"},
      {"failed console sign-in has no errorCode",
       R"({"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","errorMessage":"Failed authentication",
           "responseElements":{"ConsoleLogin":"Failure"}})",
       "failure"},
      {"failed console sign-in without response",
       R"({"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","errorMessage":"No username found",
           "responseElements":null})",
       "failure"},
      {"CheckMfa answers under its own name",
       R"({"eventSource":"signin.amazonaws.com","eventName":"CheckMfa","responseElements":{"CheckMfa":"Failure"}})",
       "failure"},
      {"another event's answer is not its own",
       R"({"eventSource":"signin.amazonaws.com","eventName":"CheckMfa","responseElements":{"ConsoleLogin":"Failure"}})",
       "success"},
      {"Identity Center answers in serviceEventDetails",
       R"({"eventSource":"signin.amazonaws.com","eventName":"CredentialVerification",
           "serviceEventDetails":{"CredentialVerification":"Failure"}})",
       "failure"},
      {"CLI sign-in answers with success",
       R"({"eventSource":"signin.amazonaws.com","eventName":"CreateOAuth2Token","additionalEventData":{"success":"false"}})",
       "failure"},
  };
  const FieldTable fields;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    tests::OwnedEvent event(fields, c.json);
    ASSERT_TRUE(event.read());
    EXPECT_EQ(outcome_of(*event), c.outcome);
  }
}

TEST(Outcome, KnowsTheFamilyOfDenials) {
  for (const std::string_view code : {"AccessDenied",
                                      "AccessDeniedException",
                                      "AccessDeniedForDependencyException",
                                      "Client.UnauthorizedOperation",
                                      "Server.UnauthorizedOperation",
                                      "UnauthorizedOperation",
                                      "VpceAccessDenied",
                                      "UnauthorizedAccess",
                                      "Forbidden",
                                      "ForbiddenException",
                                      "AuthorizationError",
                                      "AuthorizationErrorException",
                                      "NotAuthorized",
                                      "NotAuthorizedException",
                                      "Client.AuthFailure",
                                      "AuthFailure",
                                      "UnauthorizedException",
                                      "InvalidClientTokenId",
                                      "ExpiredToken",
                                      "ExpiredTokenException",
                                      "SignatureDoesNotMatch",
                                      "UnrecognizedClientException"}) {
    EXPECT_TRUE(is_denied_code(code)) << code;
  }
  for (const std::string_view code :
       {"", "Exception", "Client.", "ThrottlingException", "NoSuchEntityException", "Client.InvalidGroup.NotFound",
        "InvalidAccessException", "ResourceNotFoundException", "AuthorizationAlreadyExists", "accessdenied"}) {
    EXPECT_FALSE(is_denied_code(code)) << code;
  }
}

}  // namespace
}  // namespace tripline::engine
