#include <algorithm>

#include "alerts/card.h"
#include "alerts/sinks/kinds.h"
#include "alerts/summary.h"
#include "engine/base64.h"
#include "engine/group_fields.h"
#include "engine/json_text.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::EventTime;
using engine::JsonText;
using engine::Signal;
using enum SettingType;

constexpr std::size_t kMostText = 4'000;  // of each label and annotation

constexpr Setting kSettings[] = {
    {.key = "url",
     .type = kUrl,
     .meaning = "Where Alertmanager is, without `/api/v2/alerts`. Of a cluster each member is a sink of its own.",
     .required = true},
    {.key = "labels", .type = kTextMap, .meaning = "Labels that every alert gets, such as `team`."},
    {.key = "hold",
     .type = kDuration,
     .fallback = "1h",
     .meaning = "How long an alert fires when nothing more is heard of us."},
    {.key = "refresh",
     .type = kDuration,
     .fallback = "5m",
     .meaning = "How often open signals are told again. Alertmanager keeps alerts in memory alone."},
    {.key = "user", .type = kText, .meaning = "For a proxy in front that wants a user and a password."},
    {.key = "password", .type = kText, .meaning = "The password.", .secret = true},
};

/// What every Prometheus takes as a label's name: letters, digits and `_`.
std::string label_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? c : '_';
  }
  return name.empty() || (name.front() >= '0' && name.front() <= '9') ? "_" + name : name;
}

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  for (const auto& [name, value] : settings.entries("labels")) {
    if (label_name(name) != name) faults.push_back({"labels." + name, "has letters, digits and `_` in its name"});
  }
  if (settings.duration("refresh").count() <= 0) faults.push_back({"refresh", "is more than nothing"});
  if (settings.duration("hold") < 2 * settings.duration("refresh")) {
    faults.push_back({"hold", "is at least twice `refresh`, as one may be lost"});
  }
  if (settings.has("user") != settings.has("password"))
    faults.push_back({"user", "needs password, and the other way round"});
}

std::string_view text(std::string_view whole) { return engine::cut_utf8(whole, kMostText); }

/// The identity of an alert: of rule and group alone, so that it is the same when the signal closes, for the signal of
/// the next period, and when the rule's level is changed meanwhile.
void labels(JsonText& json, const Settings& settings, const Message& message) {
  const Signal& signal = *message.told.front().signal;
  std::vector<std::pair<std::string, std::string>> all = settings.entries("labels");
  const auto add = [&](std::string name, std::string_view value) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const auto& label) { return label.first == name; });
    if (!known && !value.empty()) all.emplace_back(std::move(name), text(value));
  };
  const engine::Rule& rule = signal.rule();
  add("alertname", rule.title.empty() ? rule.id : rule.title);
  add("rule_id", rule.id);
  add("thread", thread_of(message));
  // Several signals have no group in common.
  const auto fields = message.grouped() ? decltype(engine::group_fields(signal)){} : engine::group_fields(signal);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i] == "recipientAccountId") add("account", signal.group[i]);
    add(label_name(fields[i]), signal.group[i]);
  }
  json.key("labels").begin_object();
  for (const auto& [name, value] : all) json.member(name, value);
  json.end_object();
}

void times(JsonText& json, EventTime first, EventTime now, EventTime end) {
  json.member("startsAt", engine::format_time(std::min(first, now))).member("endsAt", engine::format_time(end));
}

void alert(JsonText& json, const Settings& settings, const Message& one, const RenderContext& context) {
  const Told& told = one.told.front();
  const Card card = card_of(one, context.surroundings);
  json.begin_object();
  labels(json, settings, one);
  json.key("annotations").begin_object().member("summary", text(card.headline)).member("key", one.key);
  json.member("severity", name_of(told.signal->rule().level));
  json.member("signal_id", told.signal->id).member("change", name_of(told.change));
  json.optional_member("description", text(told.signal->rule().description));
  for (const Fact& fact : card.facts) {
    std::string name(fact.name);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    json.member(label_name(name), text(fact.value));
  }
  json.optional_member("what_to_do", text(card.todo)).optional_member("look_further", text(card.next));
  json.end_object();
  const bool ends = told.change == Change::kClosed;
  times(json, told.signal->first, context.now, ends ? context.now : context.now + settings.duration("hold"));
  json.end_object();
}

/// Of several signals: an alert of their rule, that ends by itself. What is told together opens no alerts of its own,
/// as nobody would close them.
void several(JsonText& json, const Settings& settings, const Message& message, const RenderContext& context) {
  const Card card = card_of(message, context.surroundings);
  json.begin_object();
  labels(json, settings, message);
  json.key("annotations").begin_object().member("summary", text(card.headline));
  json.member("key", message.key).member("severity", name_of(level_of(message))).member("change", "grouped");
  json.member("signals", std::to_string(message.signals()));
  std::string lines;
  for (const std::string& line : card.lines) lines += (lines.empty() ? "" : "\n") + line;
  json.optional_member("which", text(lines)).end_object();
  times(json, message.told.front().signal->first, context.now, context.now + settings.duration("hold"));
  json.end_object();
}

Rendered render(const Settings& settings, std::span<const Message> messages, const RenderContext& context) {
  JsonText json;
  json.begin_array();
  for (const Message& message : messages) {
    if (message.grouped()) {
      several(json, settings, message, context);
    } else {
      alert(json, settings, message, context);
    }
  }
  Request request{
      .url = settings.text("url"), .headers = {{"content-type", "application/json"}}, .body = json.end_array().take()};
  while (request.url.ends_with('/')) request.url.pop_back();
  request.url += "/api/v2/alerts";
  if (settings.has("user")) {
    const std::string credentials = settings.text("user") + ":" + settings.text("password");
    request.headers.emplace_back("authorization", "Basic " + engine::base64_encode(credentials));
  }
  return {std::move(request), messages.size()};
}

}  // namespace

const SinkKind kAlertmanagerSink{
    .name = "alertmanager",
    .meaning =
        "Prometheus Alertmanager. Signals of one rule and group are one alert, which fires until the last of them "
        "closes. A group of signals is an alert of its rule, which ends by itself.",
    .batch = 20,
    .settings = kSettings,
    .check = &check,
    .render = &render,
    .judge = &judge_alike,
    .refresh = [](const Settings& settings) { return settings.duration("refresh"); },
    .closes = true,
};

}  // namespace tripline::alerts
