#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::tests {

/// What a run of the program under test (TRIPLINE_BIN) left behind.
struct Run {
  int code = -1;  // exit code; 128 and the signal's number when a signal ended it
  std::string out;
  std::string err;
};

/// Runs it without a shell. `input`: its standard input. `environment`: NAME=value, added to ours.
Run run_program(const std::vector<std::string>& words, std::string_view input = "",
                const std::vector<std::string>& environment = {});

/// The lines of a text, without their line feeds.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace tripline::tests
