#include <algorithm>

#include "alerts/card.h"
#include "alerts/sinks/kinds.h"
#include "engine/json_text.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::JsonText;
using engine::Level;
using enum SettingType;

// Source: PagerDuty Events API v2: an event at most 512 KB, its summary 1,024 characters.
constexpr std::size_t kMostSummary = 1'024;
constexpr std::size_t kMostSignals = 200'000;
constexpr std::size_t kMostText = 4'000;

constexpr Setting kSettings[] = {
    {.key = "routing_key",
     .type = kText,
     .meaning = "The integration key of a service or of an event orchestration: 32 characters.",
     .required = true,
     .secret = true},
    {.key = "url",
     .type = kUrl,
     .fallback = "https://events.pagerduty.com/v2/enqueue",
     .meaning = "The events API; `https://events.eu.pagerduty.com/v2/enqueue` for accounts in the EU."},
};

constexpr struct {
  Level level;
  std::string_view severity;
} kSeverities[] = {{Level::kInformational, "info"},
                   {Level::kLow, "info"},
                   {Level::kMedium, "warning"},
                   {Level::kHigh, "error"},
                   {Level::kCritical, "critical"}};

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  if (settings.text("routing_key").size() != 32) faults.push_back({"routing_key", "has 32 characters"});
}

std::string_view text(std::string_view whole) { return engine::cut_utf8(whole, kMostText); }

std::string payload(const Message& message, const RenderContext& context) {
  const engine::Signal& first = *message.told.front().signal;
  const Card card = card_of(message, context.surroundings);
  JsonText json;
  json.begin_object().member("summary", engine::cut_utf8(card.title + ": " + card.headline, kMostSummary));
  const std::string account = first.accounts.empty() ? "" : first.accounts.front();
  const std::string region = first.regions.empty() ? "" : first.regions.front();
  json.member("source", account.empty() ? "cloudtrail" : "cloudtrail:" + account + ":" + region);
  json.member("severity", kSeverities[static_cast<int>(level_of(message))].severity);
  json.member("timestamp", engine::format_time(first.last));
  if (!first.evidence.empty()) json.optional_member("component", first.evidence.front()->event_source);
  json.optional_member("group", account).member("class", text(first.rule().id));
  json.key("custom_details").begin_object().member("key", message.key).member("change", change_of(message));
  for (const Fact& fact : card.facts) json.member(fact.name, text(fact.value));
  for (std::size_t i = 0; i < card.lines.size(); ++i) json.member(std::to_string(i + 1), text(card.lines[i]));
  json.optional_member("What to do", text(card.todo)).optional_member("Look further", text(card.next));
  json.raw_member("message", message_json(message, context.surroundings, kMostSignals));
  return json.end_object().end_object().take();
}

/// Routing says that a signal closed when nothing of its thread goes on.
Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  const Message& message = messages.front();
  const Told& told = message.told.front();
  const bool closed = !message.grouped() && told.change == Change::kClosed;
  JsonText json;
  json.begin_object().member("routing_key", settings.text("routing_key"));
  json.member("event_action", closed ? "resolve" : "trigger").member("dedup_key", thread_of(message));
  json.member("client", "Tripline").raw_member("payload", payload(message, context));
  return {Request{.url = settings.text("url"),
                  .headers = {{"content-type", "application/json"}},
                  .body = json.end_object().take()}};
}

}  // namespace

const SinkKind kPagerDutySink{
    .name = "pagerduty",
    .meaning =
        "PagerDuty, by its Events API v2. Signals of one rule and group are one incident, be they of one period or "
        "of several; it is resolved when the last of them closes. A group of signals is an incident of its rule, "
        "which somebody resolves by hand.",
    .settings = kSettings,
    .check = &check,
    .render = &render,
    .judge = &judge_alike,
    .closes = true,
};

}  // namespace tripline::alerts
