#pragma once

#include <string>
#include <string_view>

namespace tripline::engine {

/// What JSON allows (or what real producers write) and the parser refuses, so that no event can hide behind it: numbers
/// beyond 64 bits (become strings of their digits), lone surrogates and invalid UTF-8 (become U+FFFD), raw control
/// characters inside strings (become escapes). True when there was something to mend: then `out` holds the mended
/// text with kRecordPadding bytes behind it. The structure is never mended.
bool repair_json(std::string_view json, std::string& out);

}  // namespace tripline::engine
