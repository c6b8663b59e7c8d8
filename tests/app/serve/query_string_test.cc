#include "app/serve/query_string.h"

#include <gtest/gtest.h>

namespace tripline::app {
namespace {

TEST(QueryString, IsReadAsFormsAreWritten) {
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  const struct {
    std::string_view query;
    Parameters parameters;
  } cases[] = {
      {"", {}},
      {"a=b", {{"a", "b"}}},
      {"a=b&c=d&a=e", {{"a", "b"}, {"c", "d"}, {"a", "e"}}},
      {"&&a=b&", {{"a", "b"}}},
      {"a", {{"a", ""}}},
      {"=b", {{"", "b"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"a+b=c+d%2Be%20%26", {{"a b", "c d+e &"}}},
      {"a=100%&b=%4&c=%zz", {{"a", "100%"}, {"b", "%4"}, {"c", "%zz"}}},
      {"a=%e2%9c%93%00", {{"a", std::string("\xe2\x9c\x93\0", 4)}}},
  };
  for (const auto& c : cases) EXPECT_EQ(query_parameters(c.query), c.parameters) << c.query;
}

}  // namespace
}  // namespace tripline::app
