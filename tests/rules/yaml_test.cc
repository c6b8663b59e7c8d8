#include "rules/yaml.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/diagnostics.h"

namespace tripline::rules {
namespace {

YamlFile read(std::string_view text, const YamlLimits& limits = {}) { return read_yaml(text, "rule.yml", limits); }

/// A tree as one line: `{key: 'text', list: [n:1, b:true, ~]}`.
std::string print(const YamlNode& node) {
  std::string text;
  switch (node.kind) {
    case YamlNode::Kind::kScalar:
      if (node.scalar == Scalar::Kind::kNull) return "~";
      if (node.scalar == Scalar::Kind::kNumber) return "n:" + node.text;
      if (node.scalar == Scalar::Kind::kBool) return "b:" + node.text;
      return "'" + node.text + "'";
    case YamlNode::Kind::kList:
      for (const auto& item : node.items) text += (text.empty() ? "" : ", ") + print(item);
      return "[" + text + "]";
    case YamlNode::Kind::kMap:
      for (const auto& entry : node.entries) text += (text.empty() ? "" : ", ") + entry.key + ": " + print(entry.value);
      return "{" + text + "}";
  }
  return text;
}

TEST(ReadYaml, KeepsTheTextOfUnquotedScalars) {
  const struct {
    std::string_view written;
    std::string_view read;
  } cases[] = {
      {"No", "'No'"},
      {"yes", "'yes'"},
      {"on", "'on'"},
      {"012345678901", "'012345678901'"},
      {"123456789012", "n:123456789012"},
      {"0", "n:0"},
      {"-1", "n:-1"},
      {"1.50", "n:1.50"},
      {"1e3", "'1e3'"},
      {"1.", "'1.'"},
      {".5", "'.5'"},
      {"+1", "'+1'"},
      {"0x10", "'0x10'"},
      {"0o17", "'0o17'"},
      {"1_000", "'1_000'"},
      {".inf", "'.inf'"},
      {"-x", "'-x'"},
      {"2026-11-20", "'2026-11-20'"},
      {"12:30", "'12:30'"},
      {"true", "b:true"},
      {"False", "b:False"},
      {"tRue", "'tRue'"},
      {"null", "~"},
      {"NULL", "~"},
      {"~", "~"},
      {"", "~"},
      {"nUll", "'nUll'"},
      {"'true'", "'true'"},
      {"\"1\"", "'1'"},
      {"''", "''"},
      {"'~'", "'~'"},
      {"!!str 12", "'12'"},
      {"!!int 12", "n:12"},
      {"!mine 12", "'12'"},
  };
  for (const auto& c : cases) {
    const YamlFile file = read("field: " + std::string(c.written) + "\n");
    ASSERT_EQ(file.documents.size(), 1U) << c.written << tests::lines(file.diagnostics);
    EXPECT_EQ(print(file.documents[0].root), "{field: " + std::string(c.read) + "}") << c.written;
  }
}

TEST(ReadYaml, WritesOutAliasesAndMergeKeys) {
  const struct {
    std::string_view written;
    std::string_view read;
  } cases[] = {
      {"a: &x {b: c}\nd: *x\n", "{a: {b: 'c'}, d: {b: 'c'}}"},
      {"a: &x word\nd: [*x, *x]\n", "{a: 'word', d: ['word', 'word']}"},
      {"a: &x {b: c, e: f}\nd: {<<: *x, b: own}\n", "{a: {b: 'c', e: 'f'}, d: {b: 'own', e: 'f'}}"},
      {"a: &x {b: c}\ng: &y {b: d, h: i}\nd: {<<: [*x, *y]}\n",
       "{a: {b: 'c'}, g: {b: 'd', h: 'i'}, d: {b: 'c', h: 'i'}}"},
      {"d: {'<<': {b: c}}\n", "{d: {<<: {b: 'c'}}}"},
  };
  for (const auto& c : cases) {
    const YamlFile file = read(c.written);
    ASSERT_EQ(file.documents.size(), 1U) << c.written << tests::lines(file.diagnostics);
    EXPECT_EQ(print(file.documents[0].root), c.read);
    EXPECT_EQ(tests::lines(file.documents[0].problems), "");
  }
}

TEST(ReadYaml, KnowsWhereTextBegins) {
  const struct {
    std::string_view name;
    std::string_view written;
    int line;
    int column;
  } cases[] = {
      {"plain", "a: text\n", 1, 4},
      {"quoted", "a: 'text'\n", 1, 5},
      {"a block", "a: |\n    text\n", 2, 5},
      {"a folded block after empty lines", "a: >-\n\n\n  text\n", 4, 3},
      {"on the next line", "a:\n    text\n", 2, 5},
      {"after a byte order mark",
       "\xEF\xBB\xBF"
       "a: text\n",
       1, 4},
      {"after carriage returns", "# comment\r\na: text\r\n", 2, 4},
      {"in a later document", "b: c\n---\n# comment\n---\na: text\n", 5, 4},
      {"after a document that is no YAML", "b: [\n---\na: text\n", 3, 4},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const YamlFile file = read(c.written);
    ASSERT_FALSE(file.documents.empty());
    const YamlNode* value = file.documents.back().root.find("a");
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(value->line, c.line);
    EXPECT_EQ(value->column, c.column);
  }
}

TEST(ReadYaml, SaysWhereAndWhyTextIsNoYaml) {
  const struct {
    std::string_view written;
    std::string_view said;
  } cases[] = {
      {"a:\n\tb: c\n", "2:1 yaml-syntax: a tab stands in the indentation | indent with spaces\n"},
      {"a:\n  \t- c\n", "2:3 yaml-syntax: a tab stands in the indentation | indent with spaces\n"},
      {"a: b: c\n", "1:5 yaml-syntax: a `:` cannot stand here | quote the value when the colon is part of it\n"},
      {"a:\n  b\n  c: d\n", "3:4 yaml-syntax: a `:` cannot stand here | the line above may lack its `:`\n"},
      {"a:\n  b: c\n\n   e: f\n",
       "4:5 yaml-syntax: a `:` cannot stand here | this line is indented deeper than the one above, which has its "
       "value: begin both in one column\n"},
      {"a:\n- b: c\n   e: f\n",
       "3:5 yaml-syntax: a `:` cannot stand here | this line is indented deeper than the one above, which has its "
       "value: begin both in one column\n"},
      {"a:\n  |all: [b]\n",
       "2:4 yaml-syntax: an unquoted `|` or `>` begins a block of text, which stands on the lines below | quote a key "
       "or value that begins with `|` or `>`, as in `'|all':`\n"},
      {"a: %list%\n", "1:4 yaml-syntax: an unquoted value cannot begin with this character | quote the value\n"},
      {"a: @list\n", "1:4 yaml-syntax: an unquoted value cannot begin with this character | quote the value\n"},
      {"a: *.exe\n",
       "1:4 yaml-syntax: an alias names an anchor that is not there | quote a value that begins with `*`; unquoted, it "
       "is an alias\n"},
      {"a: [b\nc: d\n", "1:4 yaml-syntax: a `[` is not closed | close it, or quote the value that begins with `[`\n"},
      {"a: {b: c", "1:4 yaml-syntax: a `{` is not closed | close it, or quote the value that begins with `{`\n"},
      {"a: 'b\nc: d\n", "1:4 yaml-syntax: a quoted value is not closed before the file ends | close its quote\n"},
      {"a: 'b''\n", "1:4 yaml-syntax: a quoted value is not closed before the file ends | close its quote\n"},
      {"a: \"b\\\"\nc: d\n", "1:4 yaml-syntax: a quoted value is not closed before the file ends | close its quote\n"},
      {"a: 'b\n---\nc: d\n",
       "2:1 yaml-syntax: a quoted value is not closed before the document ends | close its quote\n"},
      {"a: \"\\d\"\n",
       "1:7 yaml-syntax: a double-quoted value has an escape that YAML does not know | use single quotes: between them "
       "a backslash is a backslash\n"},
      {"a:\n    b: c\n  d: e\n",
       "3:3 yaml-syntax: this line belongs neither to the map above it nor after it | check the indentation of this "
       "line and the one above\n"},
      {std::string_view("a\0:\0 \0b\0", 8), "1:2 not-utf8: the file is not UTF-8 text | save it as UTF-8\n"},
      {"a: \xC3\xA4\nb: \xC3\xA4\xFF\n", "2:6 not-utf8: the file is not UTF-8 text | save it as UTF-8\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(tests::lines(read(c.written).diagnostics), c.said) << c.written;
}

TEST(ReadYaml, GoesOnAtTheNextDocumentAfterAnError) {
  const YamlFile file = read("a: b\n---\nc: [\n---\nd: e\n--- [\n---\nf: 'g\n---\nh: i\n");
  std::vector<std::string> read_documents;
  for (const auto& document : file.documents) read_documents.push_back(print(document.root));
  EXPECT_EQ(read_documents, (std::vector<std::string>{"{a: 'b'}", "{d: 'e'}", "{h: 'i'}"}));
  EXPECT_EQ(file.diagnostics.errors(), 3U) << tests::lines(file.diagnostics);
}

TEST(ReadYaml, TellsOfKeysThatAreLost) {
  const YamlFile file = read("a:\n  b: 1\n  c: 2\n  b: 3\n? [x, y]\n: z\n{q: r}: s\n");
  ASSERT_EQ(file.documents.size(), 1U) << tests::lines(file.diagnostics);
  EXPECT_EQ(tests::lines(file.documents[0].problems),
            "4:3 duplicate-key: `b` stands twice in one map, first at line 2, column 3 | only one of the two would "
            "count: give one key a list of values, or make two searches\n"
            "5:3 wrong-type: a key must be text | quote the key; quote a whole value that begins with `{`\n"
            "7:1 wrong-type: a key must be text | quote the key; quote a whole value that begins with `{`\n");
}

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

/// Each anchor holds the one before it ten times.
std::string laughs(int anchors) {
  std::string text = "a0: &a0 lol\n";
  for (int i = 1; i <= anchors; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) text += ", " + before;
    text += "]\n";
  }
  return text;
}

TEST(ReadYaml, RefusesBombs) {
  std::string chain = "a0: &a0 [x]\n";  // each a level deeper than the one before
  for (int i = 1; i < 60; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  const std::string word(100'000, 'x');
  std::string long_words = "a: &a " + word + "\nb:\n";
  for (int i = 0; i < 100; ++i) long_words += "- *a\n";
  const struct {
    std::string_view name;
    std::string text;
    std::string said;  // its beginning
  } cases[] = {
      {"size", "a: " + std::string(5 << 20, 'x'), "0:0 yaml-bomb: the file is larger than 4194304 bytes"},
      {"nesting", nested(33), "1:33 yaml-bomb: the file is nested deeper than 32 levels"},
      {"nesting that yaml-cpp would not bear", nested(100'000), "1:33 yaml-bomb: the file is nested deeper"},
      {"nesting of keys", std::string(1'000, '?') + " a\n", ""},
      {"aliases in aliases", laughs(9), "7:1 yaml-bomb: the file holds more than 200000 values, aliases written out"},
      {"aliases, each a level deeper", chain, "31:12 yaml-bomb: the file is nested deeper than 32 levels"},
      {"aliases of one long word", long_words, "42:3 yaml-bomb: the file's values are longer than 4194304 bytes"},
      {"an alias inside itself", "a: &a [*a]\n", "1:8 yaml-bomb: an alias stands inside what it names"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const YamlFile file = read(c.text);
    EXPECT_EQ(tests::lines(file.diagnostics).substr(0, c.said.size()), c.said);
    if (!c.said.empty()) {
      EXPECT_TRUE(file.documents.empty());
    }
  }
}

TEST(ReadYaml, TakesWhatIsJustWithinTheLimits) {
  EXPECT_EQ(read(nested(32)).documents.size(), 1U);
  YamlLimits limits;
  limits.max_nodes = 5;  // the list and its items
  EXPECT_EQ(read("[1, 2, 3, 4]", limits).documents.size(), 1U);
  EXPECT_EQ(read("[1, 2, 3, 4, 5]", limits).documents.size(), 0U);
  limits = {};
  limits.max_bytes = 9;
  EXPECT_EQ(read("a: 345678", limits).documents.size(), 1U);
  EXPECT_EQ(read("a: 3456789", limits).documents.size(), 0U);
}

// Mutations of real shapes: whatever comes, it is read or refused, and every place lies in the text.
TEST(ReadYaml, NeverCrashes) {
  const std::string seeds[] = {
      "title: x\ndetection:\n  a:\n    - b|c: 'd'\n      e: [1, 2, {f: g}]\n  condition: 1 of a*\n---\n- x\n",
      laughs(2),
      "a: |\n  text\n  more\nb: >-\n  folded\nc: \"\\u00e9\\n\"\n? - complex\n: &x !!str y\nd: *x\n",
      "%YAML 1.2\n---\na: b\n...\n---\n<<: {c: d}\n",
  };
  const std::string_view pieces[] = {"\n", "  ", "\t", "- ",  ": ",   "---\n", "...\n",   "[",  "]",
                                     "{",  "}",  "'",  "\"",  "|\n",  ">\n",   "&a ",     "*a", "!!str ",
                                     "? ", "%",  "#",  "\\x", "\r\n", ",",     "\xC3\xA9"};
  std::mt19937 random(20261120);
  for (int round = 0; round < 2'000; ++round) {
    std::string text = seeds[random() % std::size(seeds)];
    for (std::size_t edits = 1 + random() % 6; edits > 0; --edits) {
      const std::size_t at = random() % (text.size() + 1);
      if (random() % 3 == 0) {
        text.erase(at, 1 + random() % 4);
      } else {
        text.insert(at, pieces[random() % std::size(pieces)]);
      }
    }
    const YamlFile file = read(text);
    const auto line_count = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const auto& diagnostic : file.diagnostics.all()) {
      ASSERT_GE(diagnostic.at.line, 0) << text;
      ASSERT_LE(diagnostic.at.line, line_count) << text;
    }
  }
}

}  // namespace
}  // namespace tripline::rules
