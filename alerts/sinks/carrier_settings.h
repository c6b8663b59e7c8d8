#pragma once

#include <memory>
#include <span>
#include <vector>

#include "alerts/http_client.h"
#include "alerts/sink_kind.h"

namespace tripline::alerts {

/// What all sinks of a carrier can be told.
std::span<const Setting> carrier_settings(Carrier carrier);

/// Of Carrier::kHttp and kAws.
void check_http_settings(const Settings& settings, std::vector<SettingFault>& faults);
/// ReadSink::denied.
std::vector<SettingFault> denied_urls(const SinkKind& kind, const Settings& settings);
std::shared_ptr<const HttpPolicy> http_policy(const SinkKind& kind, const Settings& settings);

}  // namespace tripline::alerts
