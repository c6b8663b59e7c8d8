#include "alerts/sinks/kinds.h"

namespace tripline::alerts {
namespace {

void check(const Settings& settings, std::vector<SettingFault>& faults) {
  for (const auto key : {"rotate_bytes", "keep"}) {
    if (settings.number(key) == 0) faults.push_back({key, "is more than nothing"});
  }
}

/// The message's JSON and a line feed.
Rendered render(const Settings&, std::span<const Message> messages, const RenderContext& context) {
  Request request;
  for (const Message& message : messages) request.body += message_json(message, context.surroundings) + "\n";
  return {std::move(request), messages.size()};
}

}  // namespace

const SinkKind kFileSink{
    .name = "file",
    .meaning = "A file of messages as JSON, one a line (NDJSON).",
    .carrier = Carrier::kFile,
    .batch = 100,
    .settings = {},
    .check = &check,
    .render = &render,
    .takes_all = true,
};

const SinkKind kStdoutSink{
    .name = "stdout",
    .meaning = "Messages as JSON on standard output, one a line, for whoever collects that of the service.",
    .carrier = Carrier::kStdout,
    .batch = 100,
    .settings = {},
    .render = &render,
    .takes_all = true,
};

}  // namespace tripline::alerts
