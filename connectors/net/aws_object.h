#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json_members.h"
#include "connectors/net/aws_error.h"

namespace tripline::connectors::net {

/// An object of a request with JSON 1.1: its members, unread. Unknown ones are of no interest, and null is the same as
/// none. What is of the wrong type is a SerializationException. Borrows the text.
class AwsObject {
 public:
  static AwsResult<AwsObject> read(std::string_view json);

  /// The member as it stands; empty: there is none.
  std::string_view find(std::string_view name) const;
  AwsResult<std::optional<std::string>> text(std::string_view name) const;
  AwsResult<std::optional<std::int64_t>> number(std::string_view name) const;
  AwsResult<bool> flag(std::string_view name) const;  // false where it is absent
  /// The elements, which are objects; of more than `most` the first `most` + 1.
  AwsResult<std::vector<AwsObject>> objects(std::string_view name, std::size_t most) const;

 private:
  std::vector<Member> members_;
};

/// A string value without its escapes.
std::string plain_text(std::string_view string);

AwsError serialization_error(std::string message);
AwsError invalid_argument(std::string message);

}  // namespace tripline::connectors::net
