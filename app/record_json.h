#pragma once

#include <string>
#include <vector>

#include "engine/event.h"

namespace tripline::app {

/// The record itself on one line, ours beside it under the key `tripline`: derived fields (of CloudTrail's records) and
/// where it was found.
std::string record_with_ours(engine::Event& event, bool cloudtrail);

/// The chosen fields alone, under their names as they were asked for; null: the record has none.
std::string chosen_fields(engine::Event& event, const std::vector<engine::FieldId>& fields);

}  // namespace tripline::app
