#include "app/arguments.h"

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

/// One of each kind, as a command would declare them.
struct Everything {
  bool strict = false;
  std::string level;
  std::string format;
  std::uint64_t threads = 0;
  std::uint64_t cap = 0;
  std::uint64_t any = 0;
  std::vector<std::string> rules;
  std::string query;
  std::vector<std::string> paths;
  CapturedConsole captured;
  std::optional<int> code;

  explicit Everything(std::vector<std::string> words) {
    Arguments arguments("try [-r RULES] QUERY PATH...", "Tries.");
    arguments.flag("--strict", strict, "be strict");
    arguments.text("--level", "LEVEL", level, "from this level");
    arguments.choice("--format", "FORMAT", {"table", "csv"}, format, "the form");
    arguments.number("--threads", "N", threads, "how many", {.least = 1, .most = 256});
    arguments.number("--any", "N", any, "any number");
    arguments.number("--some", "N", any, "", {.least = 1});
    arguments.bytes("--cap", "BYTES", cap, "how much");
    arguments.repeated("-r,--rules", "RULES", rules, "rules");
    arguments.positional("QUERY", query, "what to find");
    arguments.positionals("PATH", paths, "where");
    code = arguments.parse(std::move(words), captured.console());
  }
};

TEST(Arguments, FillsWhatTheLineSays) {
  Everything e(
      {"--strict", "-r", "a", "q", "p1", "--rules", "b", "p2", "--format=csv", "--threads", "4", "--cap", "2k"});
  ASSERT_EQ(e.code, std::nullopt) << e.captured.err();
  EXPECT_TRUE(e.strict);
  EXPECT_EQ(e.rules, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(e.query, "q");
  EXPECT_EQ(e.paths, (std::vector<std::string>{"p1", "p2"}));
  EXPECT_EQ(e.format, "csv");
  EXPECT_EQ(e.threads, 4U);
  EXPECT_EQ(e.cap, 2048U);
}

TEST(Arguments, TakesBytesInUnits) {
  const struct {
    std::string word;
    std::uint64_t bytes;
  } cases[] = {
      {"1", 1},         {"2k", 2048},       {"2K", 2048},
      {"3M", 3U << 20}, {"8G", 8ULL << 30}, {"17179869183G", 17179869183ULL << 30},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.word);
    Everything e({"--cap", c.word, "q", "p"});
    ASSERT_EQ(e.code, std::nullopt) << e.captured.err();
    EXPECT_EQ(e.cap, c.bytes);
  }
}

TEST(Arguments, TakesWordsAfterTwoDashesAsTheyAre) {
  Everything e({"--", "-eventName:x", "--strict"});
  ASSERT_EQ(e.code, std::nullopt) << e.captured.err();
  EXPECT_EQ(e.query, "-eventName:x");
  EXPECT_EQ(e.paths, (std::vector<std::string>{"--strict"}));
  EXPECT_FALSE(e.strict);
}

TEST(Arguments, SaysWhatIsWrongAndWhatWasMeant) {
  const struct {
    std::vector<std::string> words;
    std::string_view says;
  } cases[] = {
      {{"--strct", "q", "p"}, "try: there is no option --strct; did you mean --strict?"},
      {{"--lvel=high", "q", "p"}, "there is no option --lvel=high; did you mean --level?"},
      {{"--zzzzzz", "q", "p"}, "there is no option --zzzzzz\n"},
      {{"--strct"}, "there is no option --strct; did you mean --strict?"},
      {{"q"}, "PATH is required"},
      {{"--format", "cvs", "q", "p"}, "--format: one of table, csv is wanted, not cvs; did you mean csv?"},
      {{"--threads", "many", "q", "p"}, "--threads: a whole number from 1 to 256 is wanted, not many\n"},
      {{"--threads", "-1", "q", "p"}, "--threads: a whole number from 1 to 256 is wanted, not -1\n"},
      {{"--threads", "257", "q", "p"}, "--threads: a whole number from 1 to 256 is wanted, not 257\n"},
      {{"--threads", "0", "q", "p"}, "--threads: a whole number from 1 to 256 is wanted, not 0\n"},
      {{"--some", "0", "q", "p"}, "--some: a whole number from 1 is wanted, not 0\n"},
      {{"--any", "-1", "q", "p"}, "--any: a whole number is wanted, not -1\n"},
      {{"--cap", "2X", "q", "p"}, "--cap: a number of bytes, such as 4096, 64k, 10M or 8G, is wanted, not 2X\n"},
      {{"--cap", "-1", "q", "p"}, "--cap: a number of bytes, such as 4096, 64k, 10M or 8G, is wanted, not -1\n"},
      {{"--cap", "0", "q", "p"}, "is wanted, not 0\n"},
      {{"--cap", "1.5G", "q", "p"}, "is wanted, not 1.5G\n"},
      {{"--cap", "17179869184G", "q", "p"}, "is wanted, not 17179869184G\n"},
      {{"q", "p", "--level"}, "try: --level wants a value behind it\n"},
      {{"--level", "a", "q", "p", "--level", "b"}, "try: --level is given more than once\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.says);
    Everything e(c.words);
    EXPECT_EQ(e.code, kCannotRun);
    EXPECT_NE(e.captured.err().find(c.says), std::string::npos) << e.captured.err();
    EXPECT_NE(e.captured.err().find("usage: tripline try"), std::string::npos) << e.captured.err();
    EXPECT_EQ(e.captured.out(), "");
  }
}

TEST(Arguments, ShowsHelpOnStandardOutputWhateverElseIsWrong) {
  Everything e({"--nonsense", "--help"});
  EXPECT_EQ(e.code, kRan);
  EXPECT_NE(e.captured.out().find("--cap BYTES"), std::string::npos);
  EXPECT_NE(e.captured.out().find("-r, --rules RULES"), std::string::npos);
  EXPECT_EQ(e.captured.err(), "");
}

TEST(Arguments, ListsAnOptionWithoutHelpBesideTheOneBeforeAndWrapsAtEightyColumns) {
  bool flag = false;
  std::string text, path;
  Arguments arguments("try [OPTION]... PATH", "Tries.");
  arguments.positional("PATH", path, "where");
  arguments.text("--from", "TIME", text, "when");
  arguments.text("--to", "TIME", text, "");
  arguments.flag("-l,--long", flag, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen");
  arguments.example("try x", "y");
  EXPECT_EQ(arguments.help(),
            "usage: tripline try [OPTION]... PATH\n"
            "Tries.\n"
            "\n"
            "  PATH               where\n"
            "  --from, --to TIME  when\n"
            "  -l, --long         one two three four five six seven eight nine ten eleven\n"
            "                     twelve thirteen fourteen\n"
            "\n"
            "Examples:\n"
            "  tripline try x  y\n");
}

TEST(SplitCommas, DropsBlanksAndEmptyParts) {
  EXPECT_EQ(split_commas("a, b ,,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(split_commas(""), std::vector<std::string>{});
}

}  // namespace
}  // namespace tripline::app
