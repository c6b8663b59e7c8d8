#pragma once

#include <string>
#include <string_view>

namespace tripline::rules {

/// The name-based UUID (version 5) of `name` in Tripline's namespace for rules, as 36 lower-case characters: the id of
/// a rule that has neither id nor name. The namespace never changes, or signals would change their ids.
/// Source: RFC 9562, section 5.5.
std::string uuid5(std::string_view name);

/// Whether the text is a UUID of any version, in either letter case.
bool is_uuid(std::string_view text);

}  // namespace tripline::rules
