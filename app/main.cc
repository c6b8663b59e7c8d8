#include <csignal>
#include <string>
#include <vector>

#include "app/command.h"

int main(int argc, char** argv) {
  // A reader that goes away (`| head`) ends the program in silence, whatever the parent process ignores.
  std::signal(SIGPIPE, SIG_DFL);
  tripline::app::Console console(tripline::app::Console::of_process());
  return tripline::app::run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), console);
}
