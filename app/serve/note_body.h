#pragma once

#include <string_view>

#include "app/serve/handling.h"
#include "engine/result.h"

namespace tripline::app {

/// Reads the body of acknowledge and close: {"by": "...", "comment": "..."}, the comment may be absent. kBadInput: it
/// is something else, or too long. Kind and time are the caller's.
engine::Result<Note> read_note(std::string_view body);

}  // namespace tripline::app
