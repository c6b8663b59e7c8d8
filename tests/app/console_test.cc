#include "app/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

TEST(Console, KeepsResultsAndErrorsApart) {
  CapturedConsole captured;
  captured.console().out("result\n");
  captured.console().error("no such file: x\x1b[2J");
  EXPECT_EQ(captured.out(), "result\n");
  EXPECT_EQ(captured.err(), "tripline: no such file: x\\x1b[2J\n");
}

TEST(Console, ColoursTerminalsOnlyUnlessTold) {
  const struct {
    std::string_view name;
    bool terminal;
    bool no_colour;
    Colour choice;
    bool coloured;
  } cases[] = {
      {"a terminal", true, false, Colour::kAuto, true},
      {"a pipe", false, false, Colour::kAuto, false},
      {"a terminal with NO_COLOR", true, true, Colour::kAuto, false},
      {"a pipe with --color always", false, false, Colour::kAlways, true},
      {"--color always beats NO_COLOR", true, true, Colour::kAlways, true},
      {"a terminal with --color never", true, false, Colour::kNever, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Console console({.out_is_terminal = c.terminal, .no_colour = c.no_colour});
    console.choose_colour(c.choice);
    EXPECT_EQ(console.paint(Stream::kOut, Style::kRed, "x"), c.coloured ? "\x1b[31mx\x1b[0m" : "x");
  }
}

TEST(Console, ReplacesTheStatusLineAndTakesItAwayBeforeANote) {
  CapturedConsole captured(true, 80);
  captured.console().status("10 %");
  captured.console().status("20 %");
  captured.console().note("done");
  EXPECT_EQ(captured.err(), "\r\x1b[K10 %\r\x1b[K20 %\r\x1b[Kdone\n");
}

TEST(Console, ShowsNoStatusWhereThereIsNoTerminal) {
  CapturedConsole captured;
  captured.console().status("10 %");
  EXPECT_EQ(captured.err(), "");
}

TEST(Console, SaysThatAWriteFailed) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  {
    Console console({.out = full});
    console.out("lost");
    EXPECT_FALSE(console.flush());
    EXPECT_FALSE(console.flush()) << "what is lost stays lost";
  }
  ::close(full);
}

}  // namespace
}  // namespace tripline::app
