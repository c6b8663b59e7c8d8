#include "alerts/message.h"

#include <algorithm>
#include <set>

#include "alerts/summary.h"
#include "engine/digest.h"

namespace tripline::alerts {

engine::Level level_of(const Message& message) {
  engine::Level level = engine::Level::kInformational;
  for (const Told& told : message.told) level = std::max(level, told.signal->rule().level);
  return level;
}

std::string thread_of(const Message& message) {
  const engine::Signal& first = *message.told.front().signal;
  return message.grouped() ? to_hex(engine::digest_128({"rule", first.rule().id})) : thread_of(first);
}

std::string thread_of(const engine::Signal& signal) {
  std::string group;
  for (const std::string& value : signal.group) group.append(std::to_string(value.size())).append(":").append(value);
  return to_hex(engine::digest_128({"rule and group", signal.rule().id, group}));
}

std::string headline(const Message& message, const engine::Accounts* accounts) {
  const engine::Signal& first = *message.told.front().signal;
  if (!message.grouped()) return summary(first, accounts);
  std::set<std::string_view> rules;
  for (const Told& told : message.told) rules.insert(told.signal->rule().id);
  std::string line = std::to_string(message.signals()) + " signals";
  if (rules.size() == 1) line += " of " + first.rule().title;
  if (rules.size() > 1) line += " of " + std::to_string(rules.size()) + " rules";
  return message.reason.empty() ? line : line + ": " + message.reason;
}

std::string_view change_of(const Message& message) {
  return message.grouped() ? "grouped" : name_of(message.told.front().change);
}

}  // namespace tripline::alerts
