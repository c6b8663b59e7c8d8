#include <simdjson.h>

#include "alerts/aws_answer.h"
#include "alerts/aws_request.h"
#include "alerts/sinks/aws_messages.h"
#include "alerts/sinks/kinds.h"
#include "alerts/url.h"
#include "engine/json_text.h"

namespace tripline::alerts {
namespace {

using engine::JsonText;
using enum SettingType;

// Source: Amazon SQS API reference, SendMessageBatch (AWS JSON 1.0).
constexpr std::size_t kMostInBatch = 10;

constexpr Setting kSettings[] = {
    {.key = "queue_url",
     .type = kUrl,
     .meaning = "The queue; one that ends in `.fifo` keeps the order of each rule and group, and knows repetitions.",
     .required = true},
    kAwsRegion,
    {.key = "endpoint", .type = kUrl, .meaning = "Where SQS is, if not at the host of the queue's URL."},
    kAwsMaxBytes,
};

/// `https://sqs.eu-west-1.amazonaws.com/...`
std::string region_of(const Settings& settings) {
  if (settings.has("region")) return settings.text("region");
  const auto url = parse_url(settings.text("queue_url"));
  constexpr std::string_view kPrefix = "sqs.";
  if (!url || !url->host.starts_with(kPrefix)) return {};
  const std::string rest = url->host.substr(kPrefix.size());
  const auto dot = rest.find('.');
  return dot != std::string::npos && rest.substr(dot).starts_with(".amazonaws.com") ? rest.substr(0, dot) : "";
}

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  if (region_of(settings).empty()) faults.push_back({"region", "is needed, as the queue's URL does not name it"});
  check_aws_max_bytes(settings, faults);
}

void entry(JsonText& json, const AwsMessage& made, std::size_t place) {
  json.begin_object().member("Id", entry_id(place)).member("MessageBody", made.body);
  json.key("MessageAttributes").begin_object();
  for (const auto& [name, value] : made.attributes) {
    json.key(name).begin_object().member("DataType", "String").member("StringValue", value).end_object();
  }
  json.end_object();
  json.optional_member("MessageGroupId", made.group).optional_member("MessageDeduplicationId", made.deduplication);
  json.end_object();
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  const std::string& queue = settings.text("queue_url");
  const auto batch = aws_batch(messages, context, settings.number("max_bytes"), false, queue.ends_with(".fifo"));
  JsonText json;
  json.begin_object().member("QueueUrl", queue).key("Entries").begin_array();
  for (std::size_t i = 0; i < batch.size(); ++i) entry(json, batch[i], i);
  json.end_array().end_object();
  const auto parsed = parse_url(queue);
  const std::string own = parsed ? parsed->scheme + "://" + parsed->authority() + "/" : "";
  const std::string url = settings.has("endpoint") ? settings.text("endpoint") : own;
  return {
      aws_request(url, {{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", "AmazonSQS.SendMessageBatch"}},
                  json.take(), *context.aws, {region_of(settings), "sqs"}, context.now),
      batch.size()};
}

std::string_view text_of(simdjson::dom::element object, const char* key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

std::vector<Verdict> judge(std::span<const Message> messages, const Response& response, engine::EventTime now) {
  const Verdict whole = judge_aws(response, now);
  if (whole.kind != Verdict::Kind::kDelivered) return std::vector<Verdict>(messages.size(), whole);
  std::vector<EntryAnswer> answers;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const bool parsed = parser.parse(response.body.data(), response.body.size()).get(root) == simdjson::SUCCESS;
  for (const char* list_name : {"Successful", "Failed"}) {
    simdjson::dom::array list;
    if (!parsed || root[list_name].get(list) != simdjson::SUCCESS) continue;
    for (const auto entry : list) {
      EntryAnswer& answer = answers.emplace_back();
      answer.id = text_of(entry, "Id");
      if (std::string_view(list_name) == "Successful") continue;
      answer.error = {std::string(text_of(entry, "Code")), std::string(text_of(entry, "Message"))};
      if (entry["SenderFault"].get(answer.sender_fault) != simdjson::SUCCESS) answer.sender_fault = false;
    }
  }
  return judge_entries(messages.size(), "SQS", answers);
}

}  // namespace

const SinkKind kSqsSink{
    .name = "sqs",
    .meaning =
        "An Amazon SQS queue. Messages are JSON, with the attributes `level`, `rule_id`, `account` and `change`.",
    .carrier = Carrier::kAws,
    .batch = kMostInBatch,
    .settings = kSettings,
    .check = &check,
    .render = &render,
    .judge = &judge,
    .takes_all = true,
};

}  // namespace tripline::alerts
