#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "alerts/message.h"
#include "engine/accounts.h"

namespace tripline::alerts {

/// What is known beside a message.
struct MessageSurroundings {
  const engine::Accounts* accounts = nullptr;  // names of accounts
  std::span<const std::string> logs{};         // where `next` of a signal is to look
};

/// A message as one line of JSON, in the form of Standard Webhooks 1.0.0 (`type`, `timestamp`, `data`): `data` of
/// `signal.opened` and its like is the signal; of `signals.grouped` it has the signals. docs/sinks.md has each member.
/// `most` bytes at most: what is not needed to act goes first, evidence before all else, and `trimmed` names it.
/// Some 8 KiB always suffice for one signal.
std::string message_json(const Message& message, const MessageSurroundings& surroundings = {},
                         std::size_t most = std::size_t{1} << 30);

}  // namespace tripline::alerts
