#pragma once

#include <string>
#include <string_view>

#include "tests/support/slow_evaluate.h"

namespace tripline::tests {

// What people see of messages, made of what is sent: for docs/sinks.md.

/// JSON with line feeds, in about 110 columns. Texts and values that are too long to be read end in `…`.
std::string indented(const Json& json);

/// A Slack message's blocks, or a Teams message's card, as lines of text: `## header`, `name: value`, and so on.
std::string slack_view(std::string_view body);
std::string teams_view(std::string_view body);

/// Null: there is no such member.
const Json* find_member(const Json& object, std::string_view name);

}  // namespace tripline::tests
