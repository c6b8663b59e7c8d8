#include "connectors/record_start.h"

#include <gtest/gtest.h>

namespace tripline::connectors {
namespace {

TEST(RecordStart, IsFoundByItsFirstKeyOrItsLine) {
  const RecordStart known{.cloudtrail = true, .key = "", .any_object = false};
  const RecordStart learned{.cloudtrail = true, .key = "awsRegion", .any_object = false};
  const RecordStart other_log{.cloudtrail = false, .key = "", .any_object = false};
  const RecordStart any{.cloudtrail = true, .key = "", .any_object = true};
  const auto nowhere = std::string_view::npos;
  const struct {
    std::string_view name;
    std::string_view text;
    std::size_t from;
    RecordStart start;
    std::size_t found;
  } cases[] = {
      {"a record's first key", R"(xx,{"eventVersion":)", 0, known, 3},
      {"with space before it", "xx,{\n  \"eventVersion\" :", 0, known, 3},
      {"what holds records", R"(xx,{"Records":)", 0, known, 3},
      {"another key", R"(xx,{"type":)", 0, known, nowhere},
      {"the key that the records had", R"(xx,{"type":{"awsRegion":)", 0, learned, 11},
      {"another log has no such keys", R"(xx,{"eventVersion":)", 0, other_log, nowhere},
      {"the first brace of a line", "xx\n  {x", 0, known, 5},
      {"the first brace of the text", "{x", 0, known, 0},
      {"not the second brace of a line", "xx\n {{", 5, known, nowhere},
      {"behind `from` alone", "{\"eventVersion\":1}{\"eventVersion\":1}", 1, known, 18},
      {"any object", R"(xx {x} {"a")", 0, any, 7},
      {"a key in escapes", R"(xx{\"eventVersion\":)", 0, any, nowhere},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(find_record_start(c.text, c.from, c.start), c.found);
  }
}

}  // namespace
}  // namespace tripline::connectors
