#include <algorithm>

#include "alerts/judge_status.h"
#include "alerts/sinks/carrier_settings.h"
#include "alerts/sinks/kinds.h"

namespace tripline::alerts {
namespace {

constexpr const SinkKind* kKinds[] = {
    &kWebhookSink,   &kSnsSink,          &kSqsSink,           &kSlackSink, &kTeamsSink,
    &kPagerDutySink, &kAlertmanagerSink, &kElasticsearchSink, &kFileSink,  &kStdoutSink,
};

}  // namespace

std::span<const SinkKind* const> sink_kinds() { return kKinds; }

const SinkKind* find_sink_kind(std::string_view name) {
  const auto* at =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const SinkKind* k) { return k->name == name; });
  return at == std::end(kKinds) ? nullptr : *at;
}

std::vector<const Setting*> settings_of(const SinkKind& kind) {
  std::vector<const Setting*> all;
  for (const Setting& setting : kind.settings) all.push_back(&setting);
  for (const Setting& setting : carrier_settings(kind.carrier)) all.push_back(&setting);
  return all;
}

ReadSink read_sink(const SinkKind& kind, const Given& given) {
  ReadSink sink;
  sink.settings = Settings::read(settings_of(kind), given, sink.faults);
  if (!sink.faults.empty()) return sink;
  if (kind.carrier == Carrier::kHttp || kind.carrier == Carrier::kAws) {
    check_http_settings(sink.settings, sink.faults);
    sink.denied = denied_urls(kind, sink.settings);
  }
  if (kind.check != nullptr) kind.check(sink.settings, sink.faults);
  return sink;
}

std::vector<Verdict> judge_alike(std::span<const Message> messages, const Response& response, engine::EventTime now) {
  return std::vector<Verdict>(messages.size(), judge_status(response, now));
}

}  // namespace tripline::alerts
