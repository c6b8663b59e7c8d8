#include "engine/shown_record.h"

#include <string>

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

RecordText shown(const std::string& json) {
  RecordShower shower;
  const auto text = shower.shown(std::make_shared<const RecordText>(RecordText{.json = json}));
  EXPECT_NE(text, nullptr) << json.substr(0, 200);
  return text == nullptr ? RecordText{} : *text;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(ShownRecord, IsTheRecordWithoutItsSecrets) {
  const struct {
    std::string_view name;
    std::string json;
    std::string shown;
  } cases[] = {
      {"white space goes, order and numbers stay", R"~({ "b" : 1.50, "a" : [ true, null, -3, 1e3 ], "c":"é\n" })~",
       R"~({"b":1.5,"a":[true,null,-3,1000.0],"c":"é\n"})~"},
      {"keys that name a secret, at any depth",
       R"~({"r":{"id":"ASIA1","sessionToken":"x","SecretAccessKey":"x"},"l":[{"password":{"a":1}}]})~",
       R"~({"r":{"id":"ASIA1","sessionToken":"(secret)","SecretAccessKey":"(secret)"},"l":[{"password":"(secret)"}]})~"},
      {"a null tells nothing", R"~({"password":null})~", R"~({"password":null})~"},
      {"words that only begin like one", R"~({"passwordReset":true,"tokenIssuedAt":1})~",
       R"~({"passwordReset":true,"tokenIssuedAt":1})~"},
      {"JSON in a string keeps the rest", R"~({"document":"{\"user\":\"bob\", \"password\":\"x\"}"})~",
       R"~({"document":"{\"user\":\"bob\",\"password\":\"(secret)\"}"})~"},
      {"JSON in a string in a string goes as a whole",
       R"~({"document":"{\"a\":\"{\\\"password\\\":\\\"x\\\"}\",\"b\":1}"})~",
       R"~({"document":"{\"a\":\"(secret)\",\"b\":1}"})~"},
      {"percent-encoded JSON goes as a whole", R"~({"document":"%7B%22password%22%3A%22x%22%7D"})~",
       R"~({"document":"(secret)"})~"},
      {"text that is nearly JSON goes as a whole", R"~({"document":"{\"password\":\"x\""})~",
       R"~({"document":"(secret)"})~"},
      {"a query of a URL goes as a whole", R"~({"url":"https://a/?X-Amz-Security-Token=x&b=c"})~",
       R"~({"url":"(secret)"})~"},
      {"settings by name", R"~({"env":[{"name":"DB_PASSWORD","value":"x"},{"name":"USER","value":"bob"}]})~",
       R"~({"env":[{"name":"DB_PASSWORD","value":"(secret)"},{"name":"USER","value":"bob"}]})~"},
      {"of duplicate keys the first", R"~({"a":1,"b":2,"a":3})~", R"~({"a":1,"b":2})~"},
      {"what the parser refuses is mended", R"~({"a":123456789012345678901234567890})~",
       R"~({"a":"123456789012345678901234567890"})~"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const RecordText text = shown(c.json);
    EXPECT_EQ(text.json, c.shown);
    EXPECT_FALSE(text.cut);
    EXPECT_TRUE(text.shown);
  }
}

TEST(ShownRecord, ToBeJudgedLaterIsWhole) {
  const std::string text(2 * kMaxShownRecord, 'x');
  const auto with = [&](const std::string& secret) {
    return R"~({"a":[{"name":"DB_PASSWORD","value":")~" + secret + R"~("}],"b":")~" + text +
           R"~(","a":1,"document":"{\"password\":\")~" + secret + R"~(\",\"c\":\")~" + text + R"~(\"}"})~";
  };
  simdjson::dom::parser parser;
  EXPECT_EQ(without_secrets(parser.parse(with("x"))), with("(secret)"));
}

TEST(ShownRecord, IsCutToItsBoundAndStaysJson) {
  const std::string head = R"({"eventName":"RunInstances","requestParameters":)";
  const std::string tail = R"(,"eventID":"the-id"})";
  const struct {
    std::string_view name;
    std::string parameters;
  } cases[] = {
      {"one long text", "\"" + repeated("x", 50'000) + "\""},
      {"a text of escapes", "\"" + repeated("\\u0001", 50'000) + "\""},
      {"letters of three bytes", "\"" + repeated("€", 20'000) + "\""},
      {"many short texts", "[" + repeated("\"abc\",", 50'000) + "1]"},
      {"many objects", "[" + repeated(R"({"a":"b","c":{"d":[1,2,3]}},)", 20'000) + "1]"},
      {"many keys", "{" + repeated(R"("k":1,)", 50'000) + R"("z":1})"},
      {"deep", repeated("[", 500) + "\"" + repeated("y", 20'000) + "\"" + repeated("]", 500)},
      {"a long key", "{\"" + repeated("k", 50'000) + "\":1}"},
      {"a secret in a long text", R"("{\"password\":\"hush\",\"x\":\")" + repeated("z", 50'000) + R"(\"}")"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const RecordText text = shown(head + c.parameters + tail);
    EXPECT_TRUE(text.cut);
    EXPECT_LE(text.json.size(), kMaxShownRecord);
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    ASSERT_EQ(parser.parse(text.json).get(parsed), simdjson::SUCCESS) << text.json.substr(0, 300);
    EXPECT_EQ(std::string_view(parsed["eventID"]), "the-id") << "what stands behind the long part is there";
    EXPECT_EQ(text.json.find("hush"), std::string::npos);
  }
}

TEST(ShownRecord, IsWholeUpToItsBound) {
  const std::string frame = R"({"a":""})";
  const RecordText most = shown(R"({"a":")" + std::string(kMaxShownRecord - frame.size(), 'x') + "\"}");
  EXPECT_EQ(most.json.size(), kMaxShownRecord);
  EXPECT_FALSE(most.cut);
  EXPECT_TRUE(shown(R"({"a":")" + std::string(kMaxShownRecord - frame.size() + 1, 'x') + "\"}").cut);
}

}  // namespace
}  // namespace tripline::engine
