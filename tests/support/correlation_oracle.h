#pragma once

#include "tests/support/histories.h"

namespace tripline::tests {

/// The signals that a history's correlations must give, by code that is slow and obvious: it has all events at once,
/// sorts them, and looks at every span by hand. It knows nothing of watermarks, windows and orders of arrival.
PlainSignals expected_signals(const History& history);

}  // namespace tripline::tests
