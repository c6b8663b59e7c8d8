#include <chrono>

#include "alerts/sinks/kinds.h"

namespace tripline::alerts {
namespace {

void check_file(const Settings& settings, std::vector<SettingFault>& faults) {
  for (const auto key : {"rotate_bytes", "keep"}) {
    if (settings.number(key) == 0) faults.push_back({key, "is more than nothing"});
  }
}

void check_stdout(const Settings& settings, std::vector<SettingFault>& faults) {
  const auto limit = settings.duration("timeout");
  if (limit.count() <= 0 || limit > std::chrono::minutes{1}) {
    faults.push_back({"timeout", "is more than nothing and a minute at most"});
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
    .check = &check_file,
    .render = &render,
    .takes_all = true,
};

const SinkKind kStdoutSink{
    .name = "stdout",
    .meaning = "Messages as JSON on standard output, one a line, for whoever collects that of the service.",
    .carrier = Carrier::kStdout,
    .batch = 100,
    .settings = {},
    .check = &check_stdout,
    .render = &render,
    .takes_all = true,
};

}  // namespace tripline::alerts
