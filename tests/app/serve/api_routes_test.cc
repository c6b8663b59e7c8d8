#include "app/serve/api_routes.h"

#include <gtest/gtest.h>

#include "app/serve/note_body.h"
#include "tests/app/serve/api_fixture.h"
#include "tests/support/slow_evaluate.h"

namespace tripline::app {
namespace {

constexpr const char* kNote = R"({"by": "alice", "comment": "planned \"it\""})";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(ApiTest, GivesSignalsNewestFirstAPageAtATime) {
  for (int i = 0; i < 3; ++i) some_.add(some_.make(i, engine::Level::kHigh, 10 * i));
  const auto first = call("GET", "/api/v1/signals?limit=2");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.content_type, "application/json");
  EXPECT_LT(first.body.find("group 0"), first.body.find("group 1"));
  EXPECT_FALSE(has(first.body, "group 2"));
  const std::size_t next = first.body.find("\"next\":\"");
  ASSERT_NE(next, std::string::npos);
  const auto second = call("GET", "/api/v1/signals?limit=2&cursor=" + first.body.substr(next + 8, 48));
  EXPECT_TRUE(has(second.body, "group 2")) << second.body;
  EXPECT_FALSE(has(second.body, "next\":\"0"));
}

TEST_F(ApiTest, SaysWhatIsWrongWithACall) {
  const std::string id = some_.add(some_.make(1, engine::Level::kHigh, 5));
  const std::string path = "/api/v1/signals/" + id;
  const struct {
    std::string method, target, body, type;
    int status;
  } cases[] = {
      {"GET", "/api/v1/signals?level=grave", "", "", 400},
      {"GET", "/api/v1/signals/" + std::string(32, '0'), "", "", 404},
      {"GET", "/api/v1/signals/nonsense", "", "", 404},
      {"GET", "/api/v1/signals/" + std::string(32, 'A'), "", "", 404},
      {"POST", path + "/acknowledge", kNote, "text/plain", 415},
      {"POST", path + "/acknowledge", kNote, "application/json; charset=utf-8", 200},
      {"POST", path + "/acknowledge", "", "", 415},
      {"POST", path + "/acknowledge", "{}", "application/json", 400},
      {"POST", "/api/v1/signals/" + std::string(32, '0') + "/close", kNote, "application/json", 404},
      {"POST", "/api/v1/signals/x/close", kNote, "application/json", 404},
  };
  for (const auto& c : cases) {
    const auto response = call(c.method, c.target, c.body, c.type);
    EXPECT_EQ(response.status, c.status) << c.method << " " << c.target << " " << c.type;
    EXPECT_EQ(response.body.starts_with("{\"error\":\""), c.status != 200) << response.body;
  }
}

TEST_F(ApiTest, KeepsWhatPeopleDoAndLeavesTheSignalAsItIs) {
  const std::string id = some_.add(some_.make(1, engine::Level::kHigh, 5));
  const std::string path = "/api/v1/signals/" + id;
  const std::string before = call("GET", path).body;
  EXPECT_TRUE(has(before, R"("handling":"none","notes":[]})")) << before;
  const auto acknowledged = call("POST", path + "/acknowledge", kNote);
  EXPECT_EQ(acknowledged.status, 200);
  EXPECT_TRUE(has(acknowledged.body, R"("handling":"acknowledged","notes":[{"kind":"acknowledged","at":")" +
                                         engine::format_time(SomeSignals::kNow) +
                                         R"(","by":"alice","comment":"planned \"it\""}]})"))
      << acknowledged.body;
  EXPECT_TRUE(has(call("GET", "/api/v1/signals?state=acknowledged").body, id));
  EXPECT_EQ(call("POST", path + "/close", R"({"by":"bob"})").status, 200);
  const std::string after = call("GET", path).body;
  EXPECT_TRUE(has(after, R"("handling":"closed")")) << after;
  EXPECT_FALSE(has(call("GET", "/api/v1/signals?state=open").body, id));
  EXPECT_TRUE(has(call("GET", "/api/v1/signals?state=closed").body, id));
  const auto signal_of = [](const std::string& item) { return item.substr(0, item.find("\"handling\"")); };
  EXPECT_EQ(signal_of(before), signal_of(after));
  // A trigger more of its period changes the signal and reopens nothing.
  auto again = some_.make(1, engine::Level::kHigh, 5);
  again.triggers = 2;
  some_.add(again);
  EXPECT_TRUE(has(call("GET", path).body, R"("triggers":2)"));
  EXPECT_TRUE(has(call("GET", path).body, R"("handling":"closed")"));
}

TEST_F(ApiTest, TakesABoundedNumberOfNotes) {
  const std::string id = some_.add(some_.make(1, engine::Level::kHigh, 5));
  for (std::size_t i = 0; i < Note::kMost; ++i)
    some_.add_note(id, {Note::Kind::kAcknowledged, SomeSignals::kNow, "a", ""});
  EXPECT_EQ(call("POST", "/api/v1/signals/" + id + "/close", kNote).status, 409);
}

TEST_F(ApiTest, ShowsRulesSourcesStoreAndStatus) {
  some_.add(some_.make(1, engine::Level::kHigh, 5));
  const struct {
    std::string target;
    std::vector<std::string> holds;
  } cases[] = {
      {"/api/v1/rules",
       {R"("generation":3)", R"("id":"one","title":"User made","level":"high","kind":"detection","state":"loaded")",
        R"("counts":{"matches":5)", R"("state":"failed","why":"the condition names no selection")"}},
      {"/api/v1/sources",
       {R"("name":"gone","deliveries":0)", R"("silent_seconds":172800)", R"("name":"org")", R"("lag_seconds":120)",
        R"("account":"111122223333","region":"eu-west-1")"}},
      {"/api/v1/store", {R"("file_bytes":65536)", R"("open_signals":1)", R"("last_transition":44)"}},
      {"/api/v1/status",
       {R"("version":"1.2.3")", R"("ready":true)", R"("silent":[{"kind":"source","name":"gone")",
        R"("lag_seconds":1800,"held":false)", R"("failed":1)", R"("error":"rules/x.yml:3: no condition")",
        R"("oldest_seconds":3)", R"("last_signal":{"schema_version":1)"}},
  };
  for (const auto& c : cases) {
    const auto response = call("GET", c.target);
    EXPECT_EQ(response.status, 200) << c.target;
    EXPECT_NO_THROW(tests::parse_json(response.body)) << response.body;
    for (const auto& part : c.holds) EXPECT_TRUE(has(response.body, part)) << part << " in " << response.body;
  }
}

TEST_F(ApiTest, LetsReadersReadAndOnlyAdminsChange) {
  for (const Route& route : routes_) {
    EXPECT_EQ(route.access, route.method == "GET" ? Access::kRead : Access::kAdmin) << route.path;
  }
}

TEST(NoteBody, IsReadOrRefused) {
  const struct {
    std::string body;
    bool taken;
  } cases[] = {
      {R"({"by":"alice"})", true},
      {R"({"comment":"","by":"alice"})", true},
      {R"({"by":""})", false},
      {R"({"comment":"x"})", false},
      {R"({"by":"alice","note":"x"})", false},
      {R"({"by":5})", false},
      {R"({"by":"alice","comment":null})", false},
      {R"(["alice"])", false},
      {R"({"by":"alice")", false},
      {"", false},
      {R"({"by":")" + std::string(Note::kMostBy, 'a') + R"("})", true},
      {R"({"by":")" + std::string(Note::kMostBy + 1, 'a') + R"("})", false},
      {R"({"by":"a","comment":")" + std::string(Note::kMostComment + 1, 'a') + R"("})", false},
  };
  for (const auto& c : cases) EXPECT_EQ(read_note(c.body).has_value(), c.taken) << c.body;
  EXPECT_EQ(read_note(kNote)->comment, "planned \"it\"");
}

}  // namespace
}  // namespace tripline::app
