#pragma once

#include <string_view>
#include <unordered_map>

#include "engine/packing.h"
#include "engine/undecided.h"

namespace tripline::engine {

/// As stores keep it: rules are named by their ids. Requires a time.
void pack(const Undecided& undecided, Packer& out);

/// Places of detections by their rules' ids, of which the rules own the text.
using DetectionPlaces = std::unordered_map<std::string_view, std::uint32_t>;

/// Rules that are not there any more are left out, so that there may be no detection. The bytes were damaged if in.ok()
/// is false afterwards.
Undecided unpack_undecided(Unpacker& in, const std::shared_ptr<const RuleSet>& rules, const DetectionPlaces& places);

}  // namespace tripline::engine
