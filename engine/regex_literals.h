#pragma once

#include <optional>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace tripline::engine {

/// Folded literals of at least `shortest` bytes of which every text that `regex` is found in holds one, ASCII letter
/// case aside. Nothing: no such literals are known. Slow (it compiles the expression again); for load time.
std::optional<std::vector<std::string>> needed_literals(const re2::RE2& regex, std::size_t shortest);

}  // namespace tripline::engine
