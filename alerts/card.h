#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alerts/message.h"
#include "alerts/message_json.h"

namespace tripline::alerts {

struct Fact {
  std::string_view name;
  std::string value;
};

/// A message as a person reads it, in plain text: what chats, pagers and mails show, each in its own markup. Much of it
/// was chosen by whoever made the calls, so it is escaped wherever it is put.
struct Card {
  std::string title;               // `[HIGH] Policy attached to a user from a role`
  std::string headline;            // one sentence
  std::vector<Fact> facts;         // of one signal
  std::vector<std::string> lines;  // of several: one each, and how many more there are
  std::string todo;                // the rule's `tripline.response`
  std::string next;                // a command for a shell
  std::string footer;              // rule, key, and when
};

Card card_of(const Message& message, const MessageSurroundings& surroundings);

/// With line feeds, for mails.
std::string plain_text(const Card& card);

}  // namespace tripline::alerts
