#pragma once

#include <span>
#include <string>
#include <vector>

#include "alerts/related.h"
#include "engine/accounts.h"
#include "engine/signal.h"

namespace tripline::alerts {

/// Version of what signal_json() writes: docs/signal.schema.json. Members may be added under one version; none goes,
/// and none changes its meaning.
inline constexpr int kSignalSchemaVersion = 1;

/// What is known beside a signal.
struct Surroundings {
  const engine::Accounts* accounts = nullptr;  // names of accounts
  std::span<const std::string> logs{};         // where `next` is to look
  std::vector<Related> related{};
};

/// A signal as one line of JSON; docs/signals.md explains each member.
std::string signal_json(const engine::Signal& signal, const Surroundings& surroundings = {});

}  // namespace tripline::alerts
