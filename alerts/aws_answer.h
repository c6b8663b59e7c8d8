#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "alerts/request.h"
#include "engine/event_time.h"

namespace tripline::alerts {

/// Why AWS refused something; both are its own words.
struct AwsFault {
  std::string code;  // `Throttled`, `ExpiredToken`
  std::string message;
};

/// What the answer of a query or a JSON service says of its failure. Nothing: no failure, or not AWS' words.
std::optional<AwsFault> aws_fault(const Response& response);

/// What a fault's code means for a message, by one table (aws_answer.cc); a code that is not there goes by the status.
/// Sources: SNS and SQS API references, "Errors" and "Common errors".
Verdict judge_aws(const Response& response, engine::EventTime now);

/// The same for one entry of a batch. `sender_fault`: AWS says that the entry is to blame.
Verdict judge_aws_entry(const AwsFault& fault, bool sender_fault);

/// The credentials have expired, or are not known (any more): others may help.
bool refuses_credentials(const Response& response);

/// The text of the first element of that name at or after `from`, with its entities resolved; nothing: there is none.
/// For answers of AWS' query services, whose elements have neither attributes nor mixed content. `from` is moved behind
/// the element.
std::optional<std::string> xml_text(std::string_view xml, std::string_view name, std::size_t& from);

}  // namespace tripline::alerts
