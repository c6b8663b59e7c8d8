#pragma once

#include <ostream>

#include "engine/sink.h"

namespace tripline::alerts {

/// A line of JSON a signal. Borrows the stream, which outlives it.
class NdjsonSink : public engine::Sink {
 public:
  explicit NdjsonSink(std::ostream& out) : out_(out) {}
  engine::Result<void> deliver(const engine::Signal& signal) override;
  engine::Result<void> finish() override;

 private:
  std::ostream& out_;
};

}  // namespace tripline::alerts
