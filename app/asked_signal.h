#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/signal_match.h"
#include "engine/accounts.h"
#include "engine/result.h"
#include "engine/rule.h"

namespace tripline::app {

/// What routing looks at in a signal that comes as JSON.
struct AskedSignal {
  std::string title;  // of its rule
  std::string rule;   // its id
  engine::Level level = engine::Level::kMedium;
  bool continues = false;
  alerts::SignalTraits traits;
};

/// Reads signals as `tripline store export`, the API and sinks write them: one, or a line each; whole messages of
/// sinks, grouped ones too. `accounts`: for their `env`; may be null. kBadInput says in which line what is wrong.
engine::Result<std::vector<AskedSignal>> read_asked_signals(std::string_view text, const engine::Accounts* accounts);

}  // namespace tripline::app
