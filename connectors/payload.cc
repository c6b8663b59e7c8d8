#include "connectors/payload.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "connectors/json_members.h"
#include "connectors/json_space.h"
#include "connectors/json_splitter.h"

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;

namespace {

/// The top-level keys that tell one form from another.
enum Key : std::size_t {
  kEventVersion,
  kEventTime,
  kEventName,
  kEventType,
  kEventCategory,
  kMessageType,
  kLogEvents,
  kDetail,
  kType,
  kTopicArn,
  kMessage,
  kS3Bucket,
  kS3ObjectKey,
  kEvent,
  kService,
  kS3,
  kBucket,
  kObject,
  kDigestS3Object,
  kDigestEndTime,
  kCloudTrailEvent,
  kRawData,
  kData,
  kKinesis,
  kAwslogs,
  kKeys,
};

constexpr std::string_view kKeyNames[] = {
    "eventVersion", "eventTime", "eventName", "eventType", "eventCategory",  "messageType",   "logEvents",
    "detail",       "Type",      "TopicArn",  "Message",   "s3Bucket",       "s3ObjectKey",   "Event",
    "Service",      "s3",        "bucket",    "object",    "digestS3Object", "digestEndTime", "CloudTrailEvent",
    "rawData",      "data",      "kinesis",   "awslogs",
};
static_assert(std::size(kKeyNames) == kKeys);

bool take_prefix(std::string_view& text, std::string_view prefix) {
  skip_space(text);
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Whether a string value may hold JSON text with records; `inner` as it stands, with escapes.
bool may_hold_json(std::string_view inner) {
  while (inner.starts_with(' ') || inner.starts_with("\\n") || inner.starts_with("\\r") || inner.starts_with("\\t")) {
    inner.remove_prefix(inner.front() == ' ' ? 1 : 2);
  }
  return inner.starts_with('{') || inner.starts_with('[');
}

}  // namespace

/// One form: recognised when the object has both keys (or the one), and `read` agrees.
struct Payload::Form {
  Key key;
  Key other;
  bool (Payload::*read)(const Members&, int level);
};

const Payload::Form Payload::kForms[] = {
    // keys                           read                             form
    {kMessageType, kLogEvents, &Payload::read_cloudwatch_logs},         // CloudWatch Logs subscription
    {kType, kMessage, &Payload::read_sns},                              // SNS, also within a Lambda event
    {kType, kTopicArn, &Payload::read_subscription},                    // SNS asking whether one subscribes
    {kS3Bucket, kS3ObjectKey, &Payload::read_notification},             // CloudTrail's notification
    {kEvent, kService, &Payload::read_test_event},                      // S3's test message
    {kS3, kEventName, &Payload::read_notification},                     // S3 notification
    {kBucket, kObject, &Payload::read_notification},                    // S3's `detail` in EventBridge
    {kDigestS3Object, kDigestEndTime, &Payload::read_digest},           // CloudTrail digest
    {kEventCategory, kEventCategory, &Payload::read_aggregated},        // CloudTrail aggregated record
    {kKinesis, kKinesis, &Payload::read_kinesis},                       // Kinesis record in a Lambda event
    {kAwslogs, kAwslogs, &Payload::read_awslogs},                       // CloudWatch Logs in a Lambda event
    {kCloudTrailEvent, kCloudTrailEvent, &Payload::read_lookup_event},  // LookupEvents
    {kRawData, kRawData, &Payload::read_failed_delivery},               // Data Firehose's error output
    {kData, kData, &Payload::read_firehose_record},                     // Data Firehose request and Lambda event
    {kDetail, kDetail, &Payload::read_detail},                          // EventBridge
    {kEventVersion, kEventVersion, &Payload::read_record},              // CloudTrail record, insight, network activity
    {kEventTime, kEventName, &Payload::read_record},                    // the same without a version
    {kEventTime, kEventType, &Payload::read_record},
};

bool is_bare_record(std::string_view object) {
  return take_prefix(object, "{") && take_prefix(object, "\"eventVersion\"") && take_prefix(object, ":") &&
         take_prefix(object, "\"1.") && !object.starts_with("0\"");
}

Payload::Payload(const engine::Envelope& envelope, const Limits& limits, bool cloudtrail)
    : envelope_(envelope), limits_(limits), cloudtrail_(cloudtrail) {}

bool Payload::take(std::string_view object, std::uint64_t offset, RecordBatch& batch) {
  batch_ = &batch;
  offset_ = offset;
  unwrapper_.emplace(limits_, batch.unwrapped);
  trouble_.reset();
  return take_object(object, 0);
}

void Payload::add_record(std::string_view object) {
  batch_->records.push_back({.json = object, .envelope = &envelope_, .offset = offset_, .index = index_++});
}

bool Payload::skip(Skipped what) {
  batch_->skipped.push_back(what);
  return true;
}

/// Notes why a part of the object could not be read; the first reason is the one that is told.
bool Payload::trouble(ErrorCode code, std::string why) {
  if (!trouble_) trouble_ = fail(code, std::move(why));
  return true;
}

bool Payload::take_object(std::string_view object, int level) {
  if (level > limits_.max_wrappings) {
    return trouble(ErrorCode::kTooDeep,
                   "more than " + std::to_string(limits_.max_wrappings) + " envelopes in one another");
  }
  if (!cloudtrail_ || is_bare_record(object)) {
    add_record(object);
    return true;
  }
  Members members{.object = object, .values = {}};
  Member member;
  for (MemberWalk walk(object); walk.next(member);) {
    const auto* const name = std::find(std::begin(kKeyNames), std::end(kKeyNames), member.key);
    if (name == std::end(kKeyNames)) continue;
    std::string_view& slot = members.values[static_cast<std::size_t>(name - kKeyNames)];
    if (!slot.empty()) continue;
    slot = member.value;
    if (name == kKeyNames + kEventVersion && slot.starts_with("\"1.") && slot != "\"1.0\"") {
      add_record(object);  // whatever comes behind it
      return true;
    }
  }
  for (const Form& form : kForms) {
    if (!members[form.key].empty() && !members[form.other].empty() && (this->*form.read)(members, level)) return true;
  }
  return take_members(object, level);
}

/// The last resort: a record as JSON text in a string member (`_raw`, `message`, `body`, ...) or as an object member
/// (`_source`, `event`, `Sns`, ...; not `detail`, which was tried as a form of its own).
bool Payload::take_members(std::string_view object, int level) {
  bool known = false;
  Member member;
  for (MemberWalk walk(object); walk.next(member);) {
    if (is_string(member.value)) {
      known |= may_hold_json(inner(member.value)) && take_string(member.value, level + 1);
    } else if (is_object(member.value) && member.key != "detail" && level < limits_.max_wrappings) {
      known |= take_object(member.value, level + 1);
    }
  }
  return known;
}

/// Text that may hold any number of objects.
bool Payload::take_text(std::string_view text, int level) {
  JsonSplitter splitter({.open_records = true, .max_depth = limits_.max_depth, .max_bytes = limits_.max_record_bytes});
  splitter.feed(text, 0, true);
  bool known = false;
  std::optional<ErrorCode> unread;
  for (Piece piece; splitter.next(piece);) {
    const auto begin = static_cast<std::size_t>(piece.begin);
    const auto size = static_cast<std::size_t>(piece.size());
    const bool value = piece.kind == Piece::Kind::kValue;
    if (value && take_object(text.substr(begin, size), level)) {
      known = true;
    } else if (!unread) {
      unread = code_of(piece.kind);
    }
  }
  if (known && unread) trouble(*unread, "a part of what it carries is no record");
  return known;
}

/// Goes on with what stood inside; whether that held anything known, or has its trouble told.
bool Payload::take_unwrapped(const Unwrapped& unwrapped, int level) {
  if (unwrapped.trouble) trouble(unwrapped.trouble->code, unwrapped.trouble->message);
  const bool known = unwrapped.text && take_text(*unwrapped.text, level);
  return known || unwrapped.trouble;
}

bool Payload::take_string(std::string_view string, int level) {
  return take_unwrapped(unwrapper_->from_string(string), level);
}

bool Payload::take_base64(std::string_view string, int level) {
  return take_unwrapped(unwrapper_->from_base64(string), level);
}

bool Payload::read_cloudwatch_logs(const Members& members, int level) {
  if (inner(members[kMessageType]) == "CONTROL_MESSAGE") return skip(Skipped::kControlMessage);
  if (!is_array(members[kLogEvents])) return false;
  JsonSplitter splitter({.open_records = false, .max_depth = limits_.max_depth, .max_bytes = limits_.max_record_bytes});
  splitter.feed(members[kLogEvents], 0, true);
  std::size_t unread = 0;
  for (Piece piece; splitter.next(piece);) {
    const auto begin = static_cast<std::size_t>(piece.begin);
    const auto size = static_cast<std::size_t>(piece.size());
    const std::string_view message = find_member(members[kLogEvents].substr(begin, size), "message");
    if (!is_string(message) || !take_string(message, level + 1)) ++unread;
  }
  if (unread > 0) trouble(ErrorCode::kNotALog, std::to_string(unread) + " of its log events are no CloudTrail record");
  return true;
}

bool Payload::read_sns(const Members& members, int level) {
  if (inner(members[kType]) != "Notification" || !is_string(members[kMessage])) return false;
  return take_string(members[kMessage], level + 1) ||
         trouble(ErrorCode::kNotALog, "the SNS message holds no CloudTrail record");
}

bool Payload::read_subscription(const Members& members, int) {
  return inner(members[kType]).ends_with("Confirmation") && skip(Skipped::kNotification);
}

bool Payload::read_notification(const Members&, int) { return skip(Skipped::kNotification); }

bool Payload::read_test_event(const Members& members, int) {
  return inner(members[kEvent]) == "s3:TestEvent" && skip(Skipped::kTestEvent);
}

bool Payload::read_digest(const Members&, int) { return skip(Skipped::kDigest); }

bool Payload::read_aggregated(const Members& members, int) {
  return inner(members[kEventCategory]) == "Aggregated" && skip(Skipped::kAggregated);
}

bool Payload::read_kinesis(const Members& members, int level) {
  const std::string_view data = find_member(members[kKinesis], "data");
  return is_string(data) && (take_base64(data, level + 1) ||
                             trouble(ErrorCode::kNotALog, "the Kinesis record's data holds no CloudTrail record"));
}

bool Payload::read_awslogs(const Members& members, int level) {
  const std::string_view data = find_member(members[kAwslogs], "data");
  return is_string(data) &&
         (take_base64(data, level + 1) || trouble(ErrorCode::kNotALog, "`awslogs.data` holds no CloudTrail record"));
}

bool Payload::read_lookup_event(const Members& members, int level) {
  return is_string(members[kCloudTrailEvent]) &&
         (take_string(members[kCloudTrailEvent], level + 1) ||
          trouble(ErrorCode::kBadInput, "`CloudTrailEvent` holds no CloudTrail record"));
}

bool Payload::read_failed_delivery(const Members& members, int level) {
  return is_string(members[kRawData]) && (take_base64(members[kRawData], level + 1) ||
                                          trouble(ErrorCode::kNotALog, "`rawData` holds no CloudTrail record"));
}

bool Payload::read_firehose_record(const Members& members, int level) {
  if (members[kData] == R"("")") return skip(Skipped::kEmpty);
  return is_string(members[kData]) && take_base64(members[kData], level + 1);
}

bool Payload::read_detail(const Members& members, int level) {
  return is_object(members[kDetail]) && take_object(members[kDetail], level + 1);
}

bool Payload::read_record(const Members& members, int) {
  if (!members[kEventVersion].empty() && !members[kEventVersion].starts_with("\"1.")) return false;
  add_record(members.object);
  return true;
}

}  // namespace tripline::connectors
