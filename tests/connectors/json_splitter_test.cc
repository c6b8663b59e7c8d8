#include "connectors/json_splitter.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/deliveries.h"
#include "tests/support/slow_splitter.h"

namespace tripline::connectors {

bool operator==(const Piece& a, const Piece& b) {
  return a.kind == b.kind && a.begin == b.begin && a.end == b.end && a.like_record == b.like_record;
}

void PrintTo(const Piece& piece, std::ostream* out) {
  *out << static_cast<int>(piece.kind) << " [" << piece.begin << ", " << piece.end << (piece.like_record ? ")!" : ")");
}

namespace {

using Kind = Piece::Kind;

/// Splits `text`, fed in steps of at most `step` bytes, keeping no more than the splitter asks for.
std::vector<Piece> split(std::string_view text, std::size_t step, const JsonSplitter::Options& options = {}) {
  JsonSplitter splitter(options);
  std::vector<Piece> pieces;
  for (std::size_t end = 0;;) {
    end = std::min(text.size(), end + step);
    const auto keep = static_cast<std::size_t>(splitter.keep_from());
    const std::string held(text.substr(keep, end - keep));  // a copy, so that looking past its ends shows
    splitter.feed(held, keep, end == text.size());
    for (Piece piece; splitter.next(piece);) pieces.push_back(piece);
    if (end == text.size()) return pieces;
  }
}

/// The pieces' texts, those that are no value marked by what they are.
std::vector<std::string> texts(std::string_view text, const JsonSplitter::Options& options = {}) {
  constexpr std::string_view kMarks[] = {"", "garbage: ", "broken: ", "truncated: ", "deep: ", "large: "};
  std::vector<std::string> result;
  for (const Piece& piece : split(text, text.size(), options)) {
    result.push_back(
        std::string(kMarks[static_cast<std::size_t>(piece.kind)]) +
        std::string(text.substr(static_cast<std::size_t>(piece.begin), static_cast<std::size_t>(piece.size()))));
  }
  return result;
}

TEST(JsonSplitter, FindsEveryObjectOfEveryLayout) {
  const std::vector<std::string> two = {R"({"a":1})", R"({"b":{"c":[2]}})"};
  const struct {
    std::string_view name;
    std::string text;
    std::vector<std::string> pieces;
  } cases[] = {
      {"nothing", "", {}},
      {"white space", " \n\t\r\n", {}},
      {"an empty array", "[]", {}},
      {"no records", R"({"Records":[]})", {}},
      {"lines", two[0] + "\n" + two[1] + "\n", two},
      {"lines of Windows", two[0] + "\r\n" + two[1] + "\r\n", two},
      {"one behind the other", two[0] + two[1], two},
      {"an array", "[" + two[0] + "," + two[1] + "]", two},
      {"arrays in lines", "[" + two[0] + "]\n[" + two[1] + "]", two},
      {"an array in an array", "[[" + two[0] + "],[" + two[1] + "]]", two},
      {"pretty-printed", "[\n  " + two[0] + ",\n  " + two[1] + "\n]\n", two},
      {"a byte order mark", "\xef\xbb\xbf" + two[0] + two[1], two},
      {"a log file", R"({"Records":[)" + two[0] + "," + two[1] + "]}", two},
      {"log files one behind the other", R"({"Records":[)" + two[0] + R"(]}{"Records":[)" + two[1] + "]}", two},
      {"keys around the records",
       R"({"x":{"y":[1]},"Records" : [ )" + two[0] + R"(],"Records":[)" + two[1] + R"(],"NextToken":"t"})", two},
      {"what LookupEvents gives", R"({"Events":[)" + two[0] + "," + two[1] + R"(],"NextToken":"]}"})", two},
      {"Records that are no member of the outermost object", R"({"a":{"Records":[1]}})", {R"({"a":{"Records":[1]}})"}},
      {"Records as a value", R"({"a":"Records","b":[1]})", {R"({"a":"Records","b":[1]})"}},
      {"Records at the end of another key",
       R"({"aRecords":[1],"a\"Records":[1]})",
       {R"({"aRecords":[1],"a\"Records":[1]})"}},
      {"brackets and quotes in strings",
       R"({"a":"}]\"{[","b\\":"\\"}{"c":1})",
       {R"({"a":"}]\"{[","b\\":"\\"})", R"({"c":1})"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(texts(c.text), c.pieces);
  }
}

TEST(JsonSplitter, LeavesRecordsClosedWhenAskedTo) {
  const std::string text = R"({"Records":[{"a":1}]}[{"b":1}])";
  EXPECT_EQ(texts(text, {.open_records = false}), (std::vector<std::string>{R"({"Records":[{"a":1}]})", R"({"b":1})"}));
}

TEST(JsonSplitter, LosesNoNeighbourOfABrokenObject) {
  const std::string a = tests::record("A");
  const std::string c = tests::record("C");
  const std::string whole = tests::record("B");
  const auto without = [&](std::string_view part) {
    std::string text = whole;
    return text.erase(text.find(part), part.size());
  };
  const auto with = [&](std::string_view part, std::string_view instead) {
    std::string text = whole;
    return text.replace(text.find(part), part.size(), instead);
  };
  const struct {
    std::string_view name;
    std::string broken;
  } cases[] = {
      {"a string does not end", with("ana\"", "ana")},
      {"the last string does not end", with("12\"}", "12}")},
      {"a string does not begin", with(":\"IAMUser", ":IAMUser")},
      {"a quote inside a string", with("IAMUser", "IAM\"User")},
      {"a key without its quote", with("\"eventSource", "eventSource")},
      {"an object does not end", with("\"ana\"}", "\"ana\"")},
      {"the record does not end", whole.substr(0, whole.size() - 1)},
      {"an object closed as an array", with("\"ana\"}", "\"ana\"]")},
      {"an object opened as an array", with(":{\"type", ":[\"type")},
      {"cut off in a string", whole.substr(0, whole.find("ana") + 1)},
      {"cut off in a key", whole.substr(0, whole.find("eventSource") + 5)},
      {"cut off behind a colon", whole.substr(0, whole.find("\"iam.amazonaws"))},
      {"cut off behind a comma", whole.substr(0, whole.find("\"eventSource"))},
      {"cut off behind a bracket", whole.substr(0, whole.find("\"type\""))},
      {"the escape of a quote lost", without("\\")},
  };
  const struct {
    std::string_view name;
    std::string before, between, after;
  } layouts[] = {
      {"lines", "", "\n", "\n"},
      {"one behind the other", "", "", ""},
      {"an array", "[", ",", "]"},
      {"a log file", R"({"Records":[)", ",", "]}"},
      {"a log file with spaces", R"({ "Records" : [ )", " , ", " ] }"},
  };
  for (const auto& layout : layouts) {
    for (const auto& damage : cases) {
      SCOPED_TRACE(std::string(layout.name) + ": " + std::string(damage.name));
      const std::string text = layout.before + a + layout.between + damage.broken + layout.between + c + layout.after;
      const auto found = texts(text);
      ASSERT_EQ(found.size(), 3u) << testing::PrintToString(found);
      EXPECT_EQ(found[0], a);
      EXPECT_EQ(found[1], "broken: " + damage.broken + layout.between);
      EXPECT_EQ(found[2], c);
    }
  }
}

TEST(JsonSplitter, LosesNoNeighbourWhateverBytesOfAnObjectAreDamaged) {
  const std::string a = tests::record("A");
  const std::string b = tests::record("B");
  const std::string c = tests::record("C");
  const std::string layouts[][3] = {{"", "\n", "\n"}, {"", "", ""}, {R"({"Records":[)", ",", "]}"}};
  for (const auto& [before, between, after] : layouts) {
    for (std::size_t at = 0; at < b.size(); ++at) {
      std::vector<std::string> damaged = {b.substr(0, at), b.substr(0, at) + b.substr(at + 1)};
      for (const char byte : std::string_view("{}[]\",:\\\n x")) {
        damaged.push_back(b.substr(0, at) + byte + b.substr(at));
        damaged.push_back(b.substr(0, at) + byte + b.substr(at + 1));
      }
      for (const std::string& middle : damaged) {
        std::string text = before;
        text.append(a).append(between).append(middle).append(between).append(c).append(after);
        const auto found = texts(text);
        ASSERT_THAT(found, testing::Contains(a)) << text;
        ASSERT_THAT(found, testing::Contains(c)) << text;
      }
    }
  }
}

TEST(JsonSplitter, TakesWhatASurplusBracketCutsOffForItself) {
  const std::string c = tests::record("C");
  const auto found = texts(R"({"Records":[{"eventVersion":"1.08","a":{"b":1}}},"x":"y"},)" + c + "]}");
  EXPECT_EQ(found, (std::vector<std::string>{R"({"eventVersion":"1.08","a":{"b":1}})", R"(garbage: },"x":"y"},)", c}));
}

TEST(JsonSplitter, PassesOverTextBetweenObjects) {
  const std::string a = R"({"a":1})";
  const struct {
    std::string_view name;
    std::string text;
    std::vector<std::string> pieces;
  } cases[] = {
      {"a line of text", a + "\nnot \"json\n" + a, {a, "garbage: not \"json\n", a}},
      {"a prefix on each line", "<1> " + a + "\n<2> " + a, {"garbage: <1> ", a, "garbage: <2> ", a}},
      {"values that are no objects", "[1,null," + a + ",\"x\"]", {"garbage: 1,null,", a, "garbage: \"x\"]"}},
      {"surplus brackets", a + "]}" + a, {a, "garbage: ]}", a}},
      {"text alone", "no log {at all}", {"garbage: no log {at all}"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(texts(c.text), c.pieces);
  }
}

TEST(JsonSplitter, SaysWhatTheEndCutsOff) {
  const std::string a = R"({"a":1})";
  EXPECT_EQ(texts(a + R"({"b":)"), (std::vector<std::string>{a, R"(truncated: {"b":)"}));
  EXPECT_EQ(texts("[" + a), (std::vector<std::string>{a, "truncated: "}));
  EXPECT_EQ(texts(R"({"Records":[)" + a + ","), (std::vector<std::string>{a, "truncated: "}));
  EXPECT_EQ(texts(R"({"Records":[)" + a + R"(],"x":)"), (std::vector<std::string>{a, R"(truncated: ,"x":)"}));
  EXPECT_EQ(texts(R"({"Records":[)" + a + R"(,{"b":"c)"), (std::vector<std::string>{a, R"(truncated: {"b":"c)"}));
}

TEST(JsonSplitter, PassesOverObjectsBeyondTheLimitsAndGoesOn) {
  const JsonSplitter::Options options{.open_records = true, .max_depth = 3, .max_bytes = 40};
  const std::string deepest = R"({"a":{"b":[1]}})";
  const std::string deeper = R"({"a":{"b":[{}]}})";
  const std::string largest = R"({"a":")" + std::string(32, 'x') + R"("})";
  const std::string larger = R"({"a":")" + std::string(33, 'x') + R"("})";
  ASSERT_EQ(largest.size(), 40u);
  EXPECT_EQ(texts(deepest + deeper + largest + larger + deepest, options),
            (std::vector<std::string>{deepest, "deep: " + deeper, largest, "large: " + larger, deepest}));
}

/// Text from pieces that are likely to be misread.
std::string hostile_text(std::mt19937& random) {
  static const std::vector<std::string> kParts = {
      "{",
      "}",
      "[",
      "]",
      "\"",
      "\\",
      ",",
      ":",
      "\n",
      " ",
      "x",
      "0",
      "\t",
      "\"a\"",
      "{\"a\":",
      "\"}",
      "}\n{",
      "},{",
      "\\\"",
      "\\\\",
      "{\"eventVersion\":\"1.08\"",
      "{\"Records\":[",
      "\"Records\":[",
      ",\"Events\" : [",
      "]}",
      "\"eventVersion\"",
      "\n{",
      "null",
      std::string(70, ' '),
      std::string(130, ' '),
      std::string(66, 'y'),
      std::string(65, '\\'),
      "\xef\xbb\xbf",
      tests::record("R"),
      "\n" + tests::record("S") + "\n",
      "{\"a\":{\"b\":{\"c\":{\"d\":1}}}}",
      "{\"k\":\"" + std::string(200, 'v') + "\"}",
      "{\"records\":[",
      "{\"data\":\"",
      "{\"data\":\"" + std::string(90, 'Q') + "\"}",
      "{\"data\":\"Q\\\"\"},",
      "{\"data\":\"\"}",
  };
  std::string text;
  const std::size_t parts = random() % 60;
  for (std::size_t i = 0; i < parts; ++i) text += kParts[random() % kParts.size()];
  return text;
}

/// Records in some layout, with a few bytes changed, lost or doubled.
std::string damaged_text(std::mt19937& random) {
  static constexpr std::string_view kBytes = "{}[]\",:\\\n x";
  const bool file = random() % 2 == 0;
  std::string text = file ? R"({"Records":[)" : "";
  const std::size_t records = 1 + random() % 6;
  for (std::size_t i = 0; i < records; ++i) {
    if (i > 0) text += file ? "," : "\n";
    text += tests::record(std::string(random() % 80, 'n'));
  }
  if (file) text += "]}";
  for (std::size_t damages = random() % 4; damages > 0; --damages) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = kBytes[random() % kBytes.size()];
        break;
      case 1:
        text.erase(at, 1 + random() % 3);
        break;
      case 2:
        text.insert(at, 1, kBytes[random() % kBytes.size()]);
        break;
      default:
        text.resize(at + 1);
    }
  }
  return text;
}

TEST(JsonSplitter, FindsWhatAByteWiseWalkFindsHoweverItIsFed) {
  std::mt19937 random(20260115);
  for (int round = 0; round < 6000; ++round) {
    const std::string text = round % 2 == 0 ? hostile_text(random) : damaged_text(random);
    JsonSplitter::Options options;
    options.open_records = random() % 4 != 0;
    if (random() % 3 == 0) options.max_depth = 1 + static_cast<int>(random() % 4);
    if (random() % 3 == 0) options.max_bytes = 1 + random() % 300;
    const auto expected = tests::split_slowly(text, options);
    for (const std::size_t step : {std::size_t{1} << 20, std::size_t{1}, std::size_t{64}, 1 + random() % 200}) {
      ASSERT_EQ(split(text, step, options), expected) << "in steps of " << step << ":\n" << text;
    }
  }
}

TEST(JsonSplitter, GivesPiecesInOrderThatLeaveOutOnlySeparators) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = round % 2 == 0 ? hostile_text(random) : damaged_text(random);
    std::uint64_t end = 0;
    for (const Piece& piece : split(text, 100, {.open_records = false})) {
      ASSERT_GE(piece.begin, end) << text;
      ASSERT_GE(piece.end, piece.begin) << text;
      const std::string between =
          text.substr(static_cast<std::size_t>(end), static_cast<std::size_t>(piece.begin - end));
      ASSERT_EQ(between.find_first_not_of(" \n\r\t,[]\xef\xbb\xbf"), std::string::npos) << text;
      end = piece.end;
    }
    ASSERT_EQ(text.substr(static_cast<std::size_t>(end)).find_first_not_of(" \n\r\t,[]\xef\xbb\xbf"), std::string::npos)
        << text;
  }
}

}  // namespace
}  // namespace tripline::connectors
