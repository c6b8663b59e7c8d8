#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/aws_answer.h"
#include "alerts/sink_kind.h"

namespace tripline::alerts {

// What SNS and SQS have in common.

/// A message as both take it.
struct AwsMessage {
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> attributes;  // level, rule_id, account, change; all strings
  std::string group;                                                 // of a FIFO topic or queue
  std::string deduplication;                                         // of a FIFO topic or queue

  /// As both count it.
  std::size_t size() const;
};

/// Rows for both tables.
inline constexpr Setting kAwsRegion{.key = "region",
                                    .meaning = "Where it is. Without it the ARN or the URL says that."};
inline constexpr Setting kAwsMaxBytes{
    .key = "max_bytes",
    .type = SettingType::kBytes,
    .fallback = "256KiB",
    .meaning =
        "The most that a message may have with its attributes. Evidence beyond it is left out, and the message says "
        "so (`trimmed`)."};

void check_aws_max_bytes(const Settings& settings, std::vector<SettingFault>& faults);

/// `text`: for people, in the place of JSON.
AwsMessage aws_message(const Message& message, const RenderContext& context, std::size_t most, bool text, bool fifo);

/// The first of them that have at most `most` bytes together; at least one.
std::vector<AwsMessage> aws_batch(std::span<const Message> messages, const RenderContext& context, std::size_t most,
                                  bool text, bool fifo);

/// What the entry of that place in a batch is called there.
std::string entry_id(std::size_t place);

/// What AWS says of one entry of a batch.
struct EntryAnswer {
  std::string id{};
  std::optional<AwsFault> error{};  // nothing: it was taken
  bool sender_fault = false;
};
/// A verdict for each message of a batch; what AWS does not speak of was not taken. `service`: for people.
std::vector<Verdict> judge_entries(std::size_t messages, std::string_view service,
                                   std::span<const EntryAnswer> answers);

}  // namespace tripline::alerts
