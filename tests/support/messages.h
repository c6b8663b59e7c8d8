#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/message.h"
#include "alerts/sender.h"
#include "engine/event_time.h"

namespace tripline::tests {

/// When the messages are sent: 2026-11-20T10:07:00Z.
engine::EventTime sending_time();

/// Somebody from another account gave themselves a way back in: all that a signal can say.
std::shared_ptr<engine::Signal> full_signal();
/// Of logs that say no more than a rule's title.
std::shared_ptr<engine::Signal> bare_signal();
/// Of a correlation: many failed sign-ins.
std::shared_ptr<engine::Signal> correlation_signal();

alerts::Message message_of(std::shared_ptr<const engine::Signal> signal,
                           alerts::Change change = alerts::Change::kOpened, std::uint64_t revision = 1);
/// Three that are told, and 309 more.
alerts::Message grouped_message();
/// That hold what drives parsers and people astray: one alone, one of several, and one that says next to nothing.
std::vector<alerts::Message> odd_messages();

std::shared_ptr<const engine::Accounts> known_accounts();

/// Sends, and waits for what comes of it (at most 30 s; then the test's process ends).
alerts::Sent send_and_wait(alerts::Sender& sender, std::vector<alerts::Message> messages,
                           engine::EventTime now = sending_time());
alerts::Exchange exchange(alerts::HttpClient& client, alerts::Request request, alerts::HttpPolicy policy);

/// A sender whose settings have no fault; the test fails otherwise.
std::shared_ptr<alerts::Sender> make_sender(std::string_view kind, const alerts::Given& given,
                                            alerts::Carriers carriers);

}  // namespace tripline::tests
