#pragma once

#include <string>

namespace tripline::tests {

/// A CloudTrail record in the fields that tests look at.
struct Record {
  std::string id = "1";
  std::string time = "2026-01-15T10:11:12Z";
  std::string source = "guardduty.amazonaws.com";
  std::string name = "DeleteDetector";
  std::string user = "alice";
  std::string more = "";  // further members, each with a leading comma

  std::string json() const {
    return R"({"eventVersion":"1.08","eventTime":")" + time + R"(","eventSource":")" + source + R"(","eventName":")" +
           name + R"(","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"IAMUser",)" +
           R"("principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/)" + user +
           R"(","accountId":"111122223333","userName":")" + user + R"("},"eventID":")" + id +
           R"(","eventCategory":"Management","recipientAccountId":"111122223333")" + more + "}";
  }
};

inline constexpr char kDetectorRule[] =
    "title: Detector deleted\n"
    "id: 5b1f3f53-36f0-4d38-a3a5-9b7c1a0a0f01\n"
    "name: detector_deleted\n"
    "status: test\n"
    "level: high\n"
    "logsource:\n"
    "  product: aws\n"
    "  service: cloudtrail\n"
    "detection:\n"
    "  selection:\n"
    "    eventSource: guardduty.amazonaws.com\n"
    "    eventName: DeleteDetector\n"
    "  condition: selection\n"
    "fields:\n"
    "  - requestParameters.detectorId\n";

}  // namespace tripline::tests
