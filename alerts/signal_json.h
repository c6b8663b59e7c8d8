#pragma once

#include <string>

#include "engine/signal.h"

namespace tripline::alerts {

/// A signal as one line of JSON.
std::string signal_json(const engine::Signal& signal);

}  // namespace tripline::alerts
