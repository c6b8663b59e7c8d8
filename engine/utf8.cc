#include "engine/utf8.h"

#include <simdjson.h>

namespace tripline::engine {

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text); }

}  // namespace tripline::engine
