#include <algorithm>

#include "alerts/aws_answer.h"
#include "alerts/aws_request.h"
#include "alerts/card.h"
#include "alerts/sinks/aws_messages.h"
#include "alerts/sinks/kinds.h"
#include "engine/arn.h"

namespace tripline::alerts {
namespace {

using enum SettingType;
using Fields = std::vector<std::pair<std::string, std::string>>;

// Source: Amazon SNS API reference (2010-03-31), Publish and PublishBatch.
constexpr std::size_t kMostInBatch = 10;
constexpr std::size_t kMostSubject = 99;

constexpr Setting kSettings[] = {
    {.key = "topic_arn",
     .type = kText,
     .meaning = "The topic; one that ends in `.fifo` keeps the order of each rule and group, and knows repetitions.",
     .required = true},
    kAwsRegion,
    {.key = "endpoint", .type = kUrl, .meaning = "Where SNS is, if not at the region's own address."},
    {.key = "format",
     .type = kWord,
     .fallback = "json",
     .meaning = "`json`: the message as JSON. `text`: for people, as for a topic that sends mails.",
     .words = "json text"},
    kAwsMaxBytes,
};

std::string region_of(const Settings& settings) {
  if (settings.has("region")) return settings.text("region");
  const auto arn = engine::parse_arn(settings.text("topic_arn"));
  return arn ? std::string(arn->region) : std::string();
}

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  const auto arn = engine::parse_arn(settings.text("topic_arn"));
  if (!arn || arn->service != "sns" || arn->region.empty() || arn->resource.empty()) {
    faults.push_back({"topic_arn", "is a topic's ARN: arn:aws:sns:eu-west-1:111122223333:alerts"});
  }
  check_aws_max_bytes(settings, faults);
}

bool is_fifo(const Settings& settings) { return settings.text("topic_arn").ends_with(".fifo"); }

/// Printable ASCII that begins with no blank.
std::string subject_of(const Message& message, const RenderContext& context) {
  const Card card = card_of(message, context.surroundings);
  std::string subject;
  for (const char c : card.title + " " + card.headline) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;  // one `?` a character
    subject += byte >= ' ' && byte < 0x7f ? c : '?';
  }
  subject.resize(std::min(subject.size(), kMostSubject));
  return subject;
}

void add_message(Fields& fields, const std::string& prefix, const AwsMessage& made, const std::string& subject) {
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) fields.emplace_back(prefix + name, value);
  };
  add("Message", made.body);
  add("Subject", subject);
  add("MessageGroupId", made.group);
  add("MessageDeduplicationId", made.deduplication);
  for (std::size_t i = 0; i < made.attributes.size(); ++i) {
    const std::string entry = "MessageAttributes.entry." + std::to_string(i + 1);
    add(entry + ".Name", std::string(made.attributes[i].first));
    add(entry + ".Value.DataType", "String");
    add(entry + ".Value.StringValue", made.attributes[i].second);
  }
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  const auto batch =
      aws_batch(messages, context, settings.number("max_bytes"), settings.text("format") == "text", is_fifo(settings));
  const bool several = batch.size() > 1;
  Fields fields{{"Action", several ? "PublishBatch" : "Publish"},
                {"Version", "2010-03-31"},
                {"TopicArn", settings.text("topic_arn")}};
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string prefix = several ? "PublishBatchRequestEntries.member." + std::to_string(i + 1) + "." : "";
    if (several) fields.emplace_back(prefix + "Id", entry_id(i));
    add_message(fields, prefix, batch[i], subject_of(messages[i], context));
  }
  const std::string region = region_of(settings);
  const std::string url = settings.has("endpoint") ? settings.text("endpoint") : aws_endpoint("sns", region);
  return {aws_request(url, {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}, form(fields),
                      *context.aws, {region, "sns"}, context.now),
          batch.size()};
}

std::vector<Verdict> judge(std::span<const Message> messages, const Response& response, engine::EventTime now) {
  const Verdict whole = judge_aws(response, now);
  if (messages.size() == 1 || whole.kind != Verdict::Kind::kDelivered) {
    return std::vector<Verdict>(messages.size(), whole);
  }
  std::vector<EntryAnswer> answers;
  const std::string_view body = response.body;
  for (std::size_t from = 0; const auto member = xml_text(body, "member", from);) {
    std::size_t at = 0, of_code = 0, of_message = 0, of_fault = 0;
    EntryAnswer& answer = answers.emplace_back();
    answer.id = xml_text(*member, "Id", at).value_or("");
    if (const auto code = xml_text(*member, "Code", of_code)) {
      answer.error = {*code, xml_text(*member, "Message", of_message).value_or("")};
      answer.sender_fault = xml_text(*member, "SenderFault", of_fault) == "true";
    }
  }
  return judge_entries(messages.size(), "SNS", answers);
}

}  // namespace

const SinkKind kSnsSink{
    .name = "sns",
    .meaning =
        "An Amazon SNS topic. Messages have the attributes `level`, `rule_id`, `account` and `change`, which "
        "subscriptions can filter by.",
    .carrier = Carrier::kAws,
    .batch = kMostInBatch,
    .settings = kSettings,
    .check = &check,
    .render = &render,
    .judge = &judge,
};

}  // namespace tripline::alerts
