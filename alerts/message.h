#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/related.h"
#include "engine/accounts.h"
#include "engine/signal.h"

namespace tripline::alerts {

/// What became of a signal, as a receiver is told.
enum class Change : std::uint8_t { kOpened, kWidened, kUpdated, kClosed };

struct ChangeRow {
  std::string_view name;
  Change change;
};
inline constexpr ChangeRow kChanges[] = {
    {"opened", Change::kOpened},
    {"widened", Change::kWidened},  // an update that adds an account, region, address, agent or actor
    {"updated", Change::kUpdated},
    {"closed", Change::kClosed},
};
constexpr std::string_view name_of(Change change) { return kChanges[static_cast<int>(change)].name; }

/// One signal, as it was when the message was written.
struct Told {
  std::shared_ptr<const engine::Signal> signal;
  Change change = Change::kOpened;
  std::uint64_t revision = 0;      // of the signal; higher ones are later
  std::vector<Related> related{};  // other signals of its origin, as far as they are known when it is sent
};

/// What is delivered: one signal's change, or several that are told together. A value: it is made when the delivery is
/// written, kept as it is and rendered at each attempt.
struct Message {
  /// Fixed when the delivery is written, and the same at every attempt: receivers know repetitions by it. At most 80
  /// letters, digits, `.`, `-` and `_`.
  std::string key;
  std::vector<Told> told;  // at least one
  std::uint64_t more = 0;  // signals that are told of together with these and only counted
  std::string reason;      // of several: why they come together; one sentence
  bool test = false;       // made by `tripline sink test`; marked as such in every form

  bool grouped() const { return told.size() > 1 || more > 0; }
  std::uint64_t signals() const { return told.size() + more; }
};

/// The highest level of those told.
engine::Level level_of(const Message& message);

/// What is in order and belongs together for a receiver: 32 hexadecimal digits of the signal's rule and group, whatever
/// its period. Of several signals: of the first one's rule alone.
std::string thread_of(const Message& message);
std::string thread_of(const engine::Signal& signal);

/// One line: the signal's summary; of several how many they are, and why they come together.
std::string headline(const Message& message, const engine::Accounts* accounts);

/// `opened`; of several signals `grouped`.
std::string_view change_of(const Message& message);

}  // namespace tripline::alerts
