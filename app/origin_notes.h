#pragma once

#include "app/console.h"
#include "engine/state.h"

namespace tripline::app {

/// Says what waits for its origin, and what the state's bounds on that have cut.
void print_origin_notes(const engine::State& state, Console& console);

}  // namespace tripline::app
