#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/title.h"

namespace tripline::rules {

struct BadTitle {
  std::string message;
  std::string hint;
};

/// Reads `tripline.title`: text with `{field}` in it; `{{` and `}}` stand for the braces themselves.
std::variant<engine::Title, BadTitle> read_title(std::string_view text);

}  // namespace tripline::rules
