#include <simdjson.h>

#include "alerts/ecs_json.h"
#include "alerts/judge_status.h"
#include "alerts/sinks/kinds.h"
#include "alerts/url.h"
#include "engine/base64.h"
#include "engine/json_text.h"

namespace tripline::alerts {
namespace {

using engine::JsonText;
using enum SettingType;

constexpr std::size_t kMostInBatch = 100;
constexpr std::size_t kMostBytes = 4 << 20;     // of a request
constexpr std::size_t kMostDocument = 1 << 20;  // of the message in a document

constexpr Setting kSettings[] = {
    {.key = "url",
     .type = kUrl,
     .meaning = "Where Elasticsearch or OpenSearch is, without `/_bulk`.",
     .required = true},
    {.key = "index",
     .type = kText,
     .fallback = "logs-tripline.signals-default",
     .meaning = "The index or data stream that documents are created in."},
    {.key = "pipeline", .type = kText, .meaning = "An ingest pipeline that they go through."},
    {.key = "api_key", .type = kText, .meaning = "An API key as Elasticsearch shows it, in base64.", .secret = true},
    {.key = "user", .type = kText, .meaning = "A user, in the place of an API key."},
    {.key = "password", .type = kText, .meaning = "The password.", .secret = true},
};

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  if (settings.has("user") != settings.has("password")) {
    faults.push_back({"user", "needs password, and the other way round"});
  }
  if (settings.has("user") && settings.has("api_key")) faults.push_back({"api_key", "stands in the place of user"});
}

/// A document for each signal that is told, and one for all that are only counted.
std::size_t documents_of(const Message& message) { return message.told.size() + (message.more > 0 ? 1 : 0); }

std::string lines_of(const Settings& settings, const Message& message, const RenderContext& context) {
  std::string lines;
  const auto add = [&](const std::string& id, const std::string& document) {
    JsonText action;
    action.begin_object().key("create").begin_object().member("_index", settings.text("index")).member("_id", id);
    action.end_object().end_object();
    lines += action.take() + "\n" + document + "\n";
  };
  for (const Told& told : message.told) {
    const std::string id = told.signal->id + "." + std::to_string(told.revision);
    const Message one{.key = id, .told = {told}, .more = 0, .reason = {}, .test = message.test};
    add(message.test ? message.key : id, ecs_json(one, context.now, context.surroundings, kMostDocument));
  }
  if (message.more > 0) add(message.key, ecs_json(message, context.now, context.surroundings, kMostDocument));
  return lines;
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  Request request{.url = settings.text("url"), .headers = {{"content-type", "application/x-ndjson"}}};
  std::size_t taken = 0;
  for (const Message& message : messages) {
    const std::string lines = lines_of(settings, message, context);
    if (taken > 0 && request.body.size() + lines.size() > kMostBytes) break;
    request.body += lines;
    ++taken;
  }
  while (request.url.ends_with('/')) request.url.pop_back();
  request.url += "/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";
  if (settings.has("pipeline")) request.url += "&pipeline=" + percent_encoded(settings.text("pipeline"));
  if (settings.has("api_key")) request.headers.emplace_back("authorization", "ApiKey " + settings.text("api_key"));
  if (settings.has("user")) {
    const std::string credentials = settings.text("user") + ":" + settings.text("password");
    request.headers.emplace_back("authorization", "Basic " + engine::base64_encode(credentials));
  }
  return {std::move(request), taken};
}

std::string_view text_of(simdjson::dom::element object, const char* pointer) {
  std::string_view text;
  return object.at_pointer(pointer).get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

/// Of one document. One that is there already was brought by an attempt before.
Verdict judge_item(simdjson::dom::element item, engine::EventTime now) {
  constexpr int kConflict = 409;
  std::int64_t status = 0;
  if (item.at_pointer("/create/status").get(status) != simdjson::SUCCESS)
    return Verdict::retry("an item without a status");
  if (status == kConflict) return Verdict::delivered();
  Verdict verdict = judge_status({.status = static_cast<int>(status)}, now);
  if (verdict.kind != Verdict::Kind::kDelivered) {
    verdict.why = "status " + std::to_string(status) + ", " + std::string(text_of(item, "/create/error/type")) +
                  said(text_of(item, "/create/error/reason"));
  }
  return verdict;
}

/// The worse of two.
const Verdict& worse(const Verdict& a, const Verdict& b) { return a.kind >= b.kind ? a : b; }

std::vector<Verdict> judge(std::span<const Message> messages, const Response& response, engine::EventTime now) {
  const Verdict whole = judge_status(response, now);
  std::vector<Verdict> verdicts(messages.size(), whole);
  if (whole.kind != Verdict::Kind::kDelivered) return verdicts;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(response.body.data(), response.body.size()).get(root) != simdjson::SUCCESS) {
    return std::vector<Verdict>(messages.size(), Verdict::retry("the answer is no JSON", {}, true));
  }
  bool errors = true;
  if (root["errors"].get(errors) == simdjson::SUCCESS && !errors) return verdicts;
  simdjson::dom::array items;
  if (root["items"].get(items) != simdjson::SUCCESS) {
    return std::vector<Verdict>(messages.size(), Verdict::retry("the answer does not name the documents", {}, true));
  }
  std::size_t message = 0, of_message = 0;
  for (const auto item : items) {
    if (message == messages.size()) break;
    verdicts[message] = worse(verdicts[message], judge_item(item, now));
    if (++of_message == documents_of(messages[message])) {
      ++message;
      of_message = 0;
    }
  }
  for (; message < messages.size(); ++message) verdicts[message] = Verdict::retry("the answer does not name it");
  return verdicts;
}

}  // namespace

const SinkKind kElasticsearchSink{
    .name = "elasticsearch",
    .meaning =
        "Elasticsearch or OpenSearch, by the bulk API. A change of a signal is a document in the terms of the "
        "Elastic Common Schema; its id is that of the signal and the number of the revision, so that repetitions "
        "make no second one.",
    .batch = kMostInBatch,
    .settings = kSettings,
    .check = &check,
    .render = &render,
    .judge = &judge,
    .most_response_bytes = std::size_t{1} << 20,
    .takes_all = true,
};

}  // namespace tripline::alerts
