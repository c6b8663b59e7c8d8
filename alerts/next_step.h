#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/signal.h"

namespace tripline::alerts {

/// A word for a POSIX shell that stands for exactly this text.
std::string shell_word(std::string_view text);

/// The command that shows what the signal's origin (its actor, where that is not known) did from an hour before to an
/// hour after it. `logs`: where they are; empty: the command ends in `PATH...`. Empty: the signal names nobody.
std::string next_step(const engine::Signal& signal, std::span<const std::string> logs);

}  // namespace tripline::alerts
