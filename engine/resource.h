#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tripline::engine {

class Event;

/// What a call was about, as far as its record tells. What is not told is empty.
struct Resource {
  std::string id;       // an ARN or a name
  std::string type;     // as CloudTrail and CloudFormation name it: AWS::IAM::User
  std::string account;  // 12 digits

  bool operator==(const Resource&) const = default;
};

inline constexpr std::size_t kMaxResources = 20;

/// Those of the record's `resources`; if it has none, what the call's parameters and answer name, by a table of
/// services and parameters (engine/resource.cc). Distinct, in the record's order, at most kMaxResources. Source: AWS
/// CloudTrail User Guide, "CloudTrail record contents", `resources`; the parameters of AWS' API references.
std::vector<Resource> resources_of(const Event& event);

}  // namespace tripline::engine
