#include "alerts/sinks/ndjson.h"

#include "alerts/signal_json.h"

namespace tripline::alerts {

engine::Result<void> NdjsonSink::deliver(const engine::Signal& signal) {
  out_ << signal_json(signal) << '\n';
  if (!out_) return engine::fail(engine::ErrorCode::kIo, "cannot write to standard output");
  return {};
}

engine::Result<void> NdjsonSink::finish() {
  out_.flush();
  if (!out_) return engine::fail(engine::ErrorCode::kIo, "cannot write to standard output");
  return {};
}

}  // namespace tripline::alerts
