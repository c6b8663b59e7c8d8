#include "app/rows.h"

#include <gtest/gtest.h>

#include "tests/app/captured_console.h"

namespace tripline::app {
namespace {

std::string written(Format format, const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows) {
  CapturedConsole captured;
  auto writer = make_row_writer(format, columns, captured.console());
  for (const auto& row : rows) writer->row(row);
  writer->finish();
  return captured.out();
}

const std::vector<Column> kColumns{
    {"rule.id", "RULE"}, {"rule.tags", "TAGS"}, {"count", "COUNT", true}, {"share", "SHARE", true}, {"note", "NOTE"}};
std::vector<Cell> row(std::string id) {
  return {{std::move(id)}, {std::vector<std::string>{"a", "b"}}, {std::uint64_t{7}}, {0.25}, {}};
}

TEST(RowWriter, WritesEachFormat) {
  EXPECT_EQ(written(Format::kNdjson, kColumns, {row("x"), row("y")}),
            R"({"rule":{"id":"x","tags":["a","b"]},"count":7,"share":0.25,"note":null})"
            "\n"
            R"({"rule":{"id":"y","tags":["a","b"]},"count":7,"share":0.25,"note":null})"
            "\n");
  EXPECT_EQ(written(Format::kJson, {{"a", "A"}}, {{{true}}, {{false}}}), "[\n{\"a\":true},\n{\"a\":false}\n]\n");
  EXPECT_EQ(written(Format::kCsv, kColumns, {row("x")}), "rule.id,rule.tags,count,share,note\nx,\"a, b\",7,0.25,\n");
  EXPECT_EQ(written(Format::kTable, kColumns, {row("x")}),
            "RULE  TAGS  COUNT  SHARE  NOTE\nx     a, b      7   0.25\n");
}

TEST(RowWriter, WritesNoRowsAsWhatReadersExpect) {
  EXPECT_EQ(written(Format::kNdjson, kColumns, {}), "");
  EXPECT_EQ(written(Format::kJson, kColumns, {}), "[]\n");
  EXPECT_EQ(written(Format::kCsv, kColumns, {}), "rule.id,rule.tags,count,share,note\n");
  EXPECT_EQ(written(Format::kTable, kColumns, {}), "");
}

TEST(RowWriter, LeavesColumnsWithoutHeadingOutOfTables) {
  const std::vector<Column> columns{{"id", ""}, {"name", "NAME"}};
  const std::vector<std::vector<Cell>> rows{{{std::string("1")}, {std::string("a")}}};
  EXPECT_EQ(written(Format::kTable, columns, rows), "NAME\na\n");
  EXPECT_EQ(written(Format::kCsv, columns, rows), "id,name\n1,a\n");
}

TEST(RowWriter, NestsDottedNamesOfAnyDepth) {
  const std::vector<Column> columns{{"a.b.c", ""}, {"a.b.d", ""}, {"a.e", ""}, {"f", ""}};
  EXPECT_EQ(written(Format::kNdjson, columns, {{{true}, {true}, {true}, {true}}}),
            "{\"a\":{\"b\":{\"c\":true,\"d\":true},\"e\":true},\"f\":true}\n");
}

TEST(ChooseFormat, IsATableOnATerminalAndNdjsonElsewhereUnlessNamed) {
  CapturedConsole terminal(true, 80);
  CapturedConsole pipe;
  EXPECT_EQ(choose_format("", terminal.console()), Format::kTable);
  EXPECT_EQ(choose_format("", pipe.console()), Format::kNdjson);
  EXPECT_EQ(choose_format("csv", terminal.console()), Format::kCsv);
  EXPECT_EQ(choose_format("table", pipe.console()), Format::kTable);
}

TEST(CsvCell, NeutralisesFormulasAndQuotesByRfc4180) {
  const struct {
    std::string_view text;
    std::string_view cell;
  } cases[] = {
      {"plain", "plain"},
      {"", ""},
      {"=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""},
      {"+1", "'+1"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"＝1", "'＝1"},
      {"\t=1", "\"'\t=1\""},
      {"\r=1", "'\\r=1"},
      {"\n=1", "\"'\n=1\""},
      {"a=b", "a=b"},
      {"a,b", "\"a,b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"two\nlines", "\"two\nlines\""},
      {"\x1b[2J", "\\x1b[2J"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(csv_cell(c.text), c.cell);
  }
}

}  // namespace
}  // namespace tripline::app
