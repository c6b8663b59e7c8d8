#pragma once

#include "alerts/sink_kind.h"

namespace tripline::alerts {

// A row each, in the file of its name; table.cc has them in order.

extern const SinkKind kWebhookSink;
extern const SinkKind kSnsSink;
extern const SinkKind kSqsSink;
extern const SinkKind kSlackSink;
extern const SinkKind kTeamsSink;
extern const SinkKind kPagerDutySink;
extern const SinkKind kAlertmanagerSink;
extern const SinkKind kElasticsearchSink;
extern const SinkKind kFileSink;
extern const SinkKind kStdoutSink;

}  // namespace tripline::alerts
