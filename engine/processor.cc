#include "engine/processor.h"

#include "engine/digest.h"
#include "engine/outcome.h"
#include "engine/principal.h"

namespace tripline::engine {

namespace {

Evidence evidence_of(Event& event, const Detection& detection) {
  const Record& record = event.record();
  Evidence evidence{
      .event_id = std::string(event.find_text("eventID")),
      .event_name = std::string(event.find_text("eventName")),
      .event_source = std::string(event.find_text("eventSource")),
      .account = std::string(event.find_text("recipientAccountId")),
      .region = std::string(event.find_text("awsRegion")),
      .actor = event.principal().name,
      .address = std::string(event.find_text("sourceIPAddress")),
      .outcome = std::string(outcome_of(event)),
      .path = record.envelope == nullptr ? std::string() : record.envelope->path,
      .index = record.index,
      .shown = {},
  };
  for (FieldId field : detection.shown) {
    std::string values = shown_text(event, field);
    if (!values.empty()) evidence.shown.emplace_back(event.fields()[field].path, std::move(values));
  }
  return evidence;
}

}  // namespace

Processor::Processor(std::shared_ptr<const RuleSet> rules, const Matcher& matcher)
    : rules_(std::move(rules)), event_(rules_->fields), matcher_(matcher) {}

Result<void> Processor::process(const Record& record, std::vector<Match>& out) {
  if (auto read = event_.read(record); !read) return read.error();
  for (std::uint32_t index : matcher_.match(event_)) {
    Match match;
    match.rules = rules_;
    match.detection = index;
    match.time = parse_time(event_.find_text("eventTime"));
    match.key = event_key(event_);
    const std::string_view account = event_.find_text("recipientAccountId");
    match.group = {std::string(account.empty() ? event_.principal().account : account), event_.principal().principal};
    match.evidence = evidence_of(event_, rules_->detections[index]);
    out.push_back(std::move(match));
  }
  return {};
}

EventKey event_key(Event& event) {
  const std::string_view id = event.find_text("eventID");
  if (!id.empty()) return digest_128({"event", event.find_text("recipientAccountId"), id});
  const Record& record = event.record();
  const std::string index = std::to_string(record.index);
  return digest_128({"place", record.envelope == nullptr ? std::string_view{} : record.envelope->path, index});
}

std::string shown_text(Event& event, FieldId field) {
  std::string joined;
  auto values = event.values(field);
  const bool has_scalars = values.size() > 1;
  for (Value& value : values) {
    if (value.type == ValueType::kNull || (value.type == ValueType::kContainer && has_scalars)) continue;
    if (!joined.empty()) joined += ", ";
    joined += event.text(value);
  }
  return joined;
}

}  // namespace tripline::engine
