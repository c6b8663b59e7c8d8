#include <algorithm>

#include "alerts/body_template.h"
#include "alerts/sinks/kinds.h"
#include "alerts/webhook_signature.h"
#include "engine/text.h"

namespace tripline::alerts {
namespace {

using enum SettingType;

constexpr Setting kSettings[] = {
    {.key = "url", .type = kUrl, .meaning = "Where messages are sent.", .required = true, .secret = true},
    {.key = "signing_secrets",
     .type = kTexts,
     .meaning = "`whsec_` and the base64 of 24 to 64 random bytes. Each message is signed with each of them (Standard "
                "Webhooks), so that a secret can be replaced: first both, then the new one.",
     .secret = true},
    {.key = "headers",
     .type = kTextMap,
     .meaning = "Headers to send, such as `Authorization`. Host, Content-Length and the `webhook-` ones are ours.",
     .secret = true},
    {.key = "method", .type = kWord, .fallback = "POST", .meaning = "The method of the request.", .words = "POST PUT"},
    {.key = "content_type",
     .type = kText,
     .fallback = "application/json",
     .meaning = "The type of the body, where `body` makes something else of it."},
    {.key = "body",
     .type = kText,
     .meaning = "A template of the body in the place of the message itself; see \"Templates\"."},
};

/// Ours, or libcurl's.
constexpr std::string_view kReserved[] = {"host",       "content-length", "content-type",      "transfer-encoding",
                                          "connection", "webhook-id",     "webhook-timestamp", "webhook-signature",
                                          "expect"};

bool is_header_name(std::string_view name) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";  // RFC 9110, 5.6.2
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  for (const std::string& secret : settings.texts("signing_secrets")) {
    if (!webhook_key(secret)) faults.push_back({"signing_secrets", "is `whsec_` and the base64 of 24 to 64 bytes"});
  }
  for (const auto& [name, value] : settings.entries("headers")) {
    const bool ours = std::any_of(std::begin(kReserved), std::end(kReserved),
                                  [&](std::string_view reserved) { return engine::equals_folded(name, reserved); });
    if (ours) faults.push_back({"headers." + name, "is set by the sink itself"});
    if (!is_header_name(name)) faults.push_back({"headers." + name, "is no header's name"});
    if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < ' ' && c != '\t'; })) {
      faults.push_back({"headers." + name, "has no line breaks or control characters"});
    }
  }
  if (std::string fault = BodyTemplate::fault_of(settings.text("body")); !fault.empty()) {
    faults.push_back({"body", std::move(fault)});
  }
}

/// Standard Webhooks has no dot in it.
std::string id_of(const Message& message) {
  std::string id = message.key;
  std::replace(id.begin(), id.end(), '.', '-');
  return id;
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  const Message& message = messages.front();
  Request request{.method = settings.text("method"), .url = settings.text("url")};
  request.body = message_json(message, context.surroundings);
  if (settings.has("body")) request.body = BodyTemplate(settings.text("body")).filled(request.body);
  const std::string id = id_of(message);
  const auto since = std::chrono::floor<std::chrono::seconds>(context.now).time_since_epoch();
  const std::string seconds = std::to_string(since.count());
  request.headers = {
      {"content-type", settings.text("content_type")}, {"webhook-id", id}, {"webhook-timestamp", seconds}};
  std::string signatures;
  for (const std::string& secret : settings.texts("signing_secrets")) {
    if (!signatures.empty()) signatures += ' ';
    signatures += webhook_signature(secret, id, seconds, request.body);
  }
  if (!signatures.empty()) request.headers.emplace_back("webhook-signature", signatures);
  for (const auto& [name, value] : settings.entries("headers")) {
    request.headers.emplace_back(engine::fold(name), value);
  }
  return {std::move(request)};
}

}  // namespace

const SinkKind kWebhookSink{
    .name = "webhook",
    .meaning = "Any HTTP endpoint. A message is sent as JSON, in the form of Standard Webhooks 1.0.0.",
    .settings = kSettings,
    .check = &check,
    .render = &render,
    .judge = &judge_alike,
};

}  // namespace tripline::alerts
