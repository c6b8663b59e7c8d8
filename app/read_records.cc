#include "app/read_records.h"

namespace tripline::app {

void InputTotals::add(const InputPart& part) {
  records += part.records;
  out_of_span += part.out_of_span;
  inflated_bytes += part.inflated_bytes;
  stored_bytes += part.stored_bytes;
  set_aside += part.set_aside.size();
  for (const auto what : part.skipped) ++skipped[static_cast<std::size_t>(what)];
}

void read_envelope(const engine::Envelope& envelope, const ReadOptions& options, connectors::RecordBatch& batch,
                   const std::function<void(const connectors::RecordBatch&)>& take) {
  connectors::RecordReader reader(envelope, options.limits, options.cloudtrail);
  while (true) {
    const auto more = reader.next(batch);
    if (!more) {
      batch.clear();
      batch.set_aside.push_back({more.error().code, 0, 0, more.error().message});
      return take(batch);
    }
    if (!*more) return;
    take(batch);
  }
}

void take_input(const connectors::RecordBatch& batch, InputPart& part) {
  part.set_aside.insert(part.set_aside.end(), batch.set_aside.begin(), batch.set_aside.end());
  part.skipped = batch.skipped;
  part.warnings = batch.warnings;
  part.inflated_bytes = batch.inflated_bytes;
  part.stored_bytes = batch.stored_bytes;
}

void announce(const std::string& path, const InputPart& part, const InputListener& listener) {
  if (listener.set_aside) {
    for (const auto& piece : part.set_aside) listener.set_aside(path, piece);
  }
  if (listener.warning) {
    for (const auto& warning : part.warnings) listener.warning(path, warning);
  }
}

bool lies_in(const Span& span, const engine::Event& event) {
  if (!span.bounded()) return true;
  const auto time = engine::parse_time(event.find_text("eventTime"));
  return time && span.holds(*time);
}

}  // namespace tripline::app
