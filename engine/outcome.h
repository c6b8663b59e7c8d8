#pragma once

#include <string_view>

namespace tripline::engine {

class Event;

/// How a call ended, the field `outcome`: `success`, `failure`, or `denied` when the caller was not allowed or not
/// recognised. A denied call is denied whoever made it, AWS' own services included.
std::string_view outcome_of(const Event& event);

/// Whether `code` is of the family that says "not allowed" or "not recognised".
bool is_denied_code(std::string_view code);

}  // namespace tripline::engine
