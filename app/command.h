#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/arguments.h"
#include "app/console.h"

namespace tripline::app {

/// One command of the program. `run` gets the words after its name and returns the exit code.
struct Command {
  std::string_view name;
  std::string_view what;  // one line for `tripline --help`
  int (*run)(std::vector<std::string> words, Console& console);
};

/// Every command; the one place to add one (app/command.cc).
std::span<const Command> commands();

/// What main does: finds the command, runs it, and says in the exit code how it went.
int run_program(const std::vector<std::string>& words, Console& console);

}  // namespace tripline::app
