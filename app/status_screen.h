#pragma once

#include <string>
#include <string_view>

#include "app/console.h"
#include "engine/result.h"

namespace tripline::app {

/// kBadInput: the text is no answer of `GET /api/v1/status`. `url` is for the message.
engine::Result<void> check_status(std::string_view json, const std::string& url);

/// Shows the answer of `GET /api/v1/status` (docs/api.yml) to people: how a server at `url` is, on one screen. Members
/// that are missing are left out, so that older and newer servers can be looked at. Whether the server is ready.
/// Requires check_status().
bool show_status(std::string_view json, const std::string& url, Console& console);

}  // namespace tripline::app
