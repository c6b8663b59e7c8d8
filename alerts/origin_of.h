#pragma once

#include <string_view>

#include "engine/signal.h"

namespace tripline::alerts {

/// Who is behind a signal: origin.principal of its first evidence, actor.principal where that is not known; empty: it
/// names nobody. A view of the evidence.
std::string_view origin_of(const engine::Signal& signal);

}  // namespace tripline::alerts
