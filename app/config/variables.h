#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::app {

/// A variable of the environment; nothing: it is not set. Given by main, so that tests choose.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Of the process. Threads: none may change the environment meanwhile.
Environment environment_of_process();

struct Expanded {
  std::string text;
  std::vector<std::string> used;   // variables whose value is in it
  std::vector<std::string> unset;  // variables that are not set and have no default here
  std::string fault;               // what is wrong with the form; empty: nothing
};

/// Puts variables into a value: `${NAME}`, and `${NAME:-default}` for one that is not set or empty. `$${` is a plain
/// `${`; any other `$` is itself.
Expanded expand_variables(std::string_view text, const Environment& environment);

}  // namespace tripline::app
