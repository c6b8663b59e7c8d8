#pragma once

#include <string>
#include <string_view>

#include "engine/result.h"

namespace tripline::connectors::net {

/// What is to be known of a delivery's body before it is taken.
struct FirehoseBody {
  std::string request_id;
  std::string_view records;  // the array, brackets included, as it stands in the body
  bool empty = false;        // the array has nothing in it
};

/// Looks at the top level of a body of Firehose's HTTP endpoint delivery, once and without copying it. Its records are
/// read later (connectors/record_reader.h), and bad ones set aside there. kBadInput: it is no JSON object that has
/// `requestId` and `records`, or it ends in the middle.
/// Source: Data Firehose Developer Guide, "HTTP endpoint delivery request and response specifications".
engine::Result<FirehoseBody> read_firehose_body(std::string_view body);

/// Whether the header's value is an object whose one member `commonAttributes` is an object of up to 50 strings.
bool are_common_attributes(std::string_view header);

}  // namespace tripline::connectors::net
