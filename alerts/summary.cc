#include "alerts/summary.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "engine/arn.h"
#include "engine/group_fields.h"
#include "engine/utf8.h"

namespace tripline::alerts {
namespace {

using engine::Signal;

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

/// A window's bound may have taken some of it away.
std::string peak_text(const Signal& signal) { return (signal.partial ? "≥ " : "") + number(signal.peak); }

std::string value_of(const Signal& signal, const std::string& name) {
  const auto fields = engine::group_fields(signal);
  const auto field = std::find(fields.begin(), fields.end(), name);
  if (field != fields.end()) {
    const std::string& value = signal.group[static_cast<std::size_t>(field - fields.begin())];
    return value.empty() ? "(none)" : value;
  }
  return name == "peak" ? peak_text(signal) : std::to_string(signal.triggers);  // kCorrelationFacts
}

std::string filled(const Signal& signal, const engine::Title& title) {
  std::string sentence;
  for (const engine::TitlePart& part : title) {
    sentence += part.text;
    if (!part.field.empty()) sentence += value_of(signal, part.field);
  }
  return std::string(engine::cut_utf8(sentence, engine::kMaxTitle));
}

std::string resource_name(const std::string& id) {
  const auto arn = engine::parse_arn(id);
  return std::string(arn ? arn->resource_name() : std::string_view(id));
}

std::string account_name(const std::string& id, const engine::Accounts* accounts) {
  const engine::AccountFacts* facts = accounts == nullptr ? nullptr : accounts->find(id);
  return facts == nullptr || facts->name.empty() ? id : facts->name + " (" + id + ")";
}

}  // namespace

std::string summary(const Signal& signal, const engine::Accounts* accounts) {
  if (!signal.title.empty()) return signal.title;
  if (signal.of_correlation) {
    const engine::Title& title = signal.rules->correlations[signal.index].title;
    if (!title.empty()) return filled(signal, title);
  }
  if (signal.evidence.empty() || signal.evidence.front()->event_name.empty()) return signal.rule().title;
  const engine::Evidence& event = *signal.evidence.front();
  std::string sentence = event.actor.empty() ? "somebody" : event.actor;
  sentence += " " + event.event_name;
  if (!event.resources.empty()) sentence += " " + resource_name(event.resources.front().id);
  if (!event.account.empty()) sentence += " in " + account_name(event.account, accounts);
  if (!event.outcome.empty()) sentence += ": " + event.outcome;
  return sentence;
}

}  // namespace tripline::alerts
