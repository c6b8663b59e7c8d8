#include "rules/test_record.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::rules {
namespace {

YamlNode tree(const std::string& yaml) {
  auto file = read_yaml(yaml, "t.yml", {});
  EXPECT_TRUE(file.diagnostics.all().empty()) << yaml;
  return file.documents.at(0).root;
}

TEST(TestRecord, WritesScalarsAsTheKindsThatYamlGivesThem) {
  const struct {
    std::string_view yaml, json;
  } cases[] = {
      {"a: 5", R"({"a":5})"},
      {"a: -0.5", R"({"a":-0.5})"},
      {"a: '5'", R"({"a":"5"})"},
      {"a: 012345678901", R"({"a":"012345678901"})"},
      {"a: No", R"({"a":"No"})"},
      {"a: true", R"({"a":true})"},
      {"a: False", R"({"a":false})"},
      {"a: 'true'", R"({"a":"true"})"},
      {"a: null", R"({"a":null})"},
      {"a:", R"({"a":null})"},
      {"a: 2026-11-20T09:09:56Z", R"({"a":"2026-11-20T09:09:56Z"})"},
      {"a: {b: [1, x, {c: ''}], d: {}}", R"({"a":{"b":[1,"x",{"c":""}],"d":{}}})"},
      {R"(a: "quote \" tab \t é")", R"({"a":"quote \" tab \t é"})"},
      {"a.b: 1", R"({"a.b":1})"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_json(tree(std::string(c.yaml))), c.json);
}

TEST(TestRecord, ChangesWhatAPathLeadsTo) {
  constexpr std::string_view kRecord =
      "{a: {b: 1, c: [x, {d: 2}, z]}, n: null, dotted.key: {e: 3}, deep: {aws.tag: old}}";
  const struct {
    std::string_view path, value, json;  // json: the record after, or what is wrong (a part of it)
  } cases[] = {
      {"a.b", "5", R"("a":{"b":5,)"},
      {"a.b", "{x: 1}", R"("a":{"b":{"x":1},)"},
      {"a.new", "No", R"("z"],"new":"No"})"},
      {"a.b", "null", R"({"a":{"c":)"},
      {"a", "null", R"({"n":null)"},
      {"top", "[1]", R"("top":[1])"},
      {"n.made.of.maps", "true", R"("n":{"made":{"of":{"maps":true}}})"},
      {"a.c.0", "y", R"(["y",{"d":2},"z"])"},
      {"a.c.1.d", "9", R"(["x",{"d":9},"z"])"},
      {"a.c.1", "null", R"(["x","z"])"},
      {"a.c.3", "w", R"("z","w"])"},
      {"a.c.3.e", "w", R"("z",{"e":"w"}])"},
      {"dotted.key.e", "4", R"("dotted.key":{"e":4})"},
      {"deep.aws.tag", "new", R"("aws.tag":"new")"},
      {"deep.aws.tag", "null", R"("deep":{})"},
      {R"(deep.x\.y)", "1", R"("deep":{"aws.tag":"old","x.y":1})"},
      {R"(p\.q.r)", "1", R"("p.q":{"r":1})"},
      {"a.b.c", "1", "`a.b` is `1`"},
      {"a.c.d", "1", "`a.c` is a list, and `d` is no index"},
      {"a.c.-1", "1", "no index"},
      {"a.c.4", "1", "`a.c` has 3 items"},
      {"a.c.3", "null", "`a.c` has 3 items"},
      {"a.c.99999999999999999999", "1", "no index"},
      {"a.zzz", "null", "there is no `a.zzz`"},
      {"a..b", "1", "between each two dots"},
      {"", "1", "between each two dots"},
      {".a", "1", "between each two dots"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.path) + ": " + std::string(c.value));
    auto record = tree(std::string(kRecord));
    const auto wrong = set_path(record, c.path, *tree("v: " + std::string(c.value)).find("v"));
    const auto result = wrong ? *wrong : to_json(record);
    EXPECT_NE(result.find(c.json), std::string::npos) << result;
    EXPECT_EQ(wrong.has_value(), c.json.find('"') == std::string_view::npos && c.json != "[1]") << result;
  }
}

TEST(TestRecord, RefusesPathsWithoutEnd) {
  auto record = tree("{}");
  std::string path = "a";
  for (int i = 0; i < 100'000; ++i) path += ".a";
  EXPECT_TRUE(set_path(record, path, tree("v: 1")));
}

TEST(TestRecord, ReadsAJsonFile) {
  const tests::TemporaryFolder folder;
  const struct {
    std::string_view json, read;
  } cases[] = {
      {R"({"a": [1, -2.5, 18446744073709551615, true, null, "é\"\\\u0041"], "b": {}})",
       R"({"a":[1,-2.5,18446744073709551615,true,null,"é\"\\A"],"b":{}})"},
      {R"({"a": 1, "a": 2})", R"({"a":1})"},
      {R"({"Records": [{"a": 1}]})", R"({"a":1})"},
      {R"({"Records": [{"a": 1}], "b": 2})", R"({"Records":[{"a":1}],"b":2})"},
  };
  for (const auto& c : cases) {
    const auto record = read_json_record(folder.write("e.json", std::string(c.json)));
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(to_json(*record), c.read);
  }
  for (const auto* json :
       {"", "[]", "{", "text", R"({"Records": []})", R"({"Records": [{}, {}]})", R"({"Records": [1]})"}) {
    EXPECT_FALSE(read_json_record(folder.write("e.json", json))) << json;
  }
  const auto none = read_json_record((folder.path() / "none.json").string());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, engine::ErrorCode::kIo);
}

}  // namespace
}  // namespace tripline::rules
