#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/signal.h"

namespace tripline::engine {

/// A signal as bytes, but for its rules: of the same process only, the form is not kept stable.
std::string pack(const Signal& signal);

/// What pack() made, of a signal of `rules`.
Signal unpack(std::string_view bytes, std::shared_ptr<const RuleSet> rules);

}  // namespace tripline::engine
