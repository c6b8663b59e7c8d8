#include <array>
#include <cstdlib>
#include <pty.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "app/printable.h"
#include "tests/e2e/logs.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

using tests::Record;

/// What the program shows on a terminal of `columns`, both streams together.
std::string on_terminal(std::vector<std::string> words, unsigned short columns, const char* no_colour = nullptr) {
  words.insert(words.begin(), std::getenv("TRIPLINE_BIN"));
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  winsize size{.ws_row = 40, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    if (no_colour != nullptr) ::setenv("NO_COLOR", no_colour, 1);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  std::string shown;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
    shown.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(terminal);
  ::waitpid(child, nullptr, 0);
  std::erase(shown, '\r');
  return shown;
}

/// Without the colours that the program itself puts in.
std::string uncoloured(std::string text) {
  for (std::size_t at = 0; (at = text.find("\x1b[", at)) != std::string::npos;) {
    const std::size_t end = text.find('m', at);
    if (end == std::string::npos) break;
    text.erase(at, end + 1 - at);
  }
  return text;
}

class OnATerminal : public testing::Test {
 protected:
  tests::TemporaryFolder folder_;
  std::string rule_ = folder_.write("rule.yml", tests::kDetectorRule);
  std::string log_ =
      folder_.write("log.json", Record{.user = "eve\\u001b]0;owned\\u0007" + std::string(300, 'x')}.json() + "\n");
};

TEST_F(OnATerminal, ResultsAreATableInColourThatFitsTheWidth) {
  const std::string shown = on_terminal({"scan", "-r", rule_, log_}, 90);
  EXPECT_NE(shown.find("\x1b[1mLEVEL\x1b[0m"), std::string::npos) << shown;
  EXPECT_NE(shown.find("\x1b[31mhigh\x1b[0m"), std::string::npos) << shown;
  for (const auto& line : tests::lines_of(uncoloured(shown))) EXPECT_LE(app::display_width(line), 90U) << line;
}

TEST_F(OnATerminal, TimeLevelAndActorStayAndAccountAndAddressAreWholeOrLeftOut) {
  const struct {
    std::vector<std::string> words;
    std::vector<std::string> stay;
  } cases[] = {
      {{"scan", "--quiet", "-r", rule_, log_}, {"high", "2026-01-15T10:11:12Z", "Detector deleted", "eve"}},
      {{"scan", "--quiet", "--matches", "-r", rule_, log_},
       {"high", "2026-01-15T10:11:12Z", "Detector deleted", "eve"}},
      {{"search", "--quiet", "*", log_}, {"2026-01-15T10:11:12Z", "111122223333", "192.0.2.1"}},
  };
  for (const auto& c : cases) {
    for (const unsigned short columns : std::initializer_list<unsigned short>{80, 100, 140}) {
      SCOPED_TRACE(c.words[0] + " " + std::to_string(columns));
      const std::string shown = uncoloured(on_terminal(c.words, columns));
      for (const auto& text : c.stay) EXPECT_NE(shown.find(text), std::string::npos) << shown;
      for (const auto& [heading, text] : {std::pair{"ACCOUNT", "111122223333"}, {"FROM", "192.0.2.1"}}) {
        const bool left_out =
            shown.find(heading, std::min(shown.rfind("left out:"), shown.size())) != std::string::npos;
        EXPECT_NE(shown.find(text) != std::string::npos, left_out) << shown;
      }
      for (const auto& line : tests::lines_of(shown)) EXPECT_LE(app::display_width(line), columns) << line;
    }
  }
}

TEST_F(OnATerminal, EightyColumnsHoldWhatATimelineAndAListOfFieldsAreReadFor) {
  const std::string log = folder_.write(
      "long.json",
      Record{.source = "organizations.amazonaws.com",
             .name = "DescribeCreateAccountStatusOfEverybody",
             .user = "alice",
             .more = R"(,"errorCode":"AccessDenied","requestParameters":{"detectorFeatureConfiguration":{"name":"x"}})"}
              .json() +
          "\n");
  const struct {
    std::vector<std::string> words;
    std::vector<std::string> there;
  } cases[] = {
      {{"timeline", "--quiet", "alice", log}, {"2026-01-15T10:11:12Z", "alice", "denied", "REQUEST", "AccessDenied"}},
      {{"fields", "--quiet", log}, {"requestParameters.detectorFeatureConfigur", "EVENTS", "EXAMPLES", "RULES"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.words[0]);
    const std::string shown = uncoloured(on_terminal(c.words, 80));
    for (const auto& text : c.there) EXPECT_NE(shown.find(text), std::string::npos) << text << '\n' << shown;
    for (const auto& line : tests::lines_of(shown)) EXPECT_LE(app::display_width(line), 80U) << line;
  }
}

TEST_F(OnATerminal, NothingThatALogHoldsDrivesIt) {
  for (const std::string command : {"scan", "search", "fields", "explain"}) {
    for (const std::string format : {"table", "ndjson", "json", "csv"}) {
      SCOPED_TRACE(command + " " + format);
      std::vector<std::string> words{command};
      if (command == "search") words.emplace_back("*");
      if (command == "explain") words.push_back(rule_);
      words.push_back(log_);
      if (command == "scan" || command == "fields") words.insert(words.end(), {"-r", rule_});
      if (command != "explain") words.insert(words.end(), {"--format", format});
      const std::string shown = uncoloured(on_terminal(words, 200));
      EXPECT_NE(shown, "");
      EXPECT_EQ(shown.find('\x1b'), std::string::npos) << shown;
      EXPECT_EQ(shown.find('\a'), std::string::npos) << shown;
    }
  }
}

TEST_F(OnATerminal, NoColorIsHeeded) {
  EXPECT_EQ(on_terminal({"scan", "-r", rule_, log_}, 90, "1").find('\x1b'), std::string::npos);
  EXPECT_EQ(on_terminal({"scan", "--color", "never", "-r", rule_, log_}, 90).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace tripline
