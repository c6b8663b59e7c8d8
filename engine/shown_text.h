#pragma once

#include <string>
#include <string_view>

#include "engine/event.h"

namespace tripline::engine {

/// Whether what the field says of this event is a secret, whatever it is: by its name, or because it is what some
/// setting is set to in a record that tells one.
bool is_secret(const Event& event, FieldId field);

/// A field's values as one text for people: joined by ", ", without nulls; a container only when it is all there is.
/// `(secret)` for keys, tokens and passwords and for JSON that holds one.
std::string shown_text(Event& event, FieldId field);

}  // namespace tripline::engine
