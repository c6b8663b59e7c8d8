#include "alerts/message_json.h"

#include <algorithm>
#include <vector>

#include "alerts/signal_json.h"
#include "alerts/summary.h"
#include "engine/json_text.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::JsonText;
using engine::Signal;

std::string one_signal(const Told& told, const MessageSurroundings& surroundings) {
  return signal_json(*told.signal,
                     {.accounts = surroundings.accounts, .logs = surroundings.logs, .related = told.related});
}

/// The event time of what is told last.
engine::EventTime time_of(const Message& message) {
  engine::EventTime latest = message.told.front().signal->last;
  for (const Told& told : message.told) latest = std::max(latest, told.signal->last);
  return latest;
}

void several(JsonText& json, const Message& message, const MessageSurroundings& surroundings) {
  json.begin_object().raw_member("count", std::to_string(message.signals()));
  json.raw_member("more", std::to_string(message.more)).optional_member("reason", message.reason);
  json.key("signals").begin_array();
  for (const Told& told : message.told) {
    json.begin_object().member("change", name_of(told.change));
    json.raw_member("revision", std::to_string(told.revision)).raw_member("signal", one_signal(told, surroundings));
    json.end_object();
  }
  json.end_array().end_object();
}

std::string written(const Message& message, const MessageSurroundings& surroundings,
                    const std::vector<std::string_view>& trimmed) {
  JsonText json;
  const std::string type = message.grouped() ? "signals.grouped" : "signal." + std::string(change_of(message));
  json.begin_object().member("type", type).member("timestamp", engine::format_time(time_of(message)));
  json.member("key", message.key);
  if (!message.grouped()) json.raw_member("revision", std::to_string(message.told.front().revision));
  if (message.test) json.raw_member("test", "true");
  if (!trimmed.empty()) {
    json.key("trimmed").begin_array();
    for (const auto name : trimmed) json.string(name);
    json.end_array();
  }
  json.key("data");
  if (message.grouped()) {
    several(json, message, surroundings);
  } else {
    json.raw(one_signal(message.told.front(), surroundings));
  }
  return json.end_object().take();
}

constexpr std::size_t kMostText = 256;  // bytes of each text that is left in the end
constexpr std::size_t kMostTexts = 4;

void cut(std::string& text) { text = engine::cut_utf8(text, kMostText); }

void cut(std::vector<std::string>& texts) {
  for (std::string& text : texts) cut(text);
}

void trim_lists(Signal& signal) {
  for (const engine::Scope& scope : engine::kScopes) {
    auto& values = signal.*scope.of_signal;
    values.resize(std::min(values.size(), kMostTexts));
    cut(values);
  }
  signal.resources.clear();
  signal.other_actions += signal.actions.size();
  signal.actions.clear();
}

/// What an analyst knows it by: id, title and level.
void trim_rule(Signal& signal) {
  auto rules = std::make_shared<engine::RuleSet>(signal.rules->cloudtrail);
  const engine::Rule& whole = signal.rule();
  engine::Rule rule;
  rule.id = engine::cut_utf8(whole.id, kMostText);
  rule.title = engine::cut_utf8(whole.title, kMostText);
  rule.level = whole.level;
  rule.dry_run = whole.dry_run;
  if (signal.of_correlation) {
    rules->correlations.emplace_back().rule = std::move(rule);
  } else {
    rules->detections.emplace_back().rule = std::move(rule);
  }
  signal.rules = std::move(rules);
  signal.index = 0;
  signal.group.resize(std::min(signal.group.size(), kMostTexts));
  cut(signal.group);
  signal.title = engine::cut_utf8(signal.title, engine::kMaxTitle);
}

/// From what is missed least. Each works on a copy of the signal.
constexpr struct {
  std::string_view name;
  void (*trim)(Signal&);
} kTrims[] = {
    {"evidence", [](Signal& signal) { signal.evidence.resize(std::min<std::size_t>(signal.evidence.size(), 1)); }},
    {"evidence", [](Signal& signal) { signal.evidence.clear(); }},
    {"fields", [](Signal& signal) { signal.fields.clear(); }},
    {"lists", &trim_lists},
    {"rule", &trim_rule},
};

/// All but the first signal are only counted.
void trim_signals(Message& message) {
  message.more += message.told.size() - 1;
  message.told.resize(1);
  message.told.front().related.clear();
  cut(message.reason);
}

}  // namespace

std::string message_json(const Message& message, const MessageSurroundings& surroundings, std::size_t most) {
  std::string text = written(message, surroundings, {});
  if (text.size() <= most) return text;
  Message less = message;
  std::vector<std::string_view> trimmed;
  for (const auto& row : kTrims) {
    for (Told& told : less.told) {
      auto signal = std::make_shared<Signal>(*told.signal);
      signal->title = summary(*signal, surroundings.accounts);  // it is made of what may go
      row.trim(*signal);
      signal->cut = true;
      told.signal = std::move(signal);
    }
    if (trimmed.empty() || trimmed.back() != row.name) trimmed.push_back(row.name);
    text = written(less, surroundings, trimmed);
    if (text.size() <= most) return text;
  }
  trimmed.push_back("signals");
  trim_signals(less);
  return written(less, surroundings, trimmed);
}

}  // namespace tripline::alerts
