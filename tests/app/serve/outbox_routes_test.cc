#include "app/serve/outbox_routes.h"

#include <gmock/gmock.h>

#include "tests/app/serve/api_fixture.h"

namespace tripline::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class OutboxRoutesTest : public ApiTest {
 protected:
  OutboxRoutesTest() {
    for (const char* sink : {"soc", "soc", "chat", "gone"}) add_delivery(some_, sink, id_);
    const engine::store::SettledRow parked[] = {
        {.number = 2, .kind = engine::store::SettledRow::Kind::kParked, .at = SomeSignals::kNow, .why = "too large"}};
    some_.store().database().outbox().settle(parked).value();
  }

  const std::string id_ = some_.add(some_.make(1, engine::Level::kHigh, 3));
};

TEST_F(OutboxRoutesTest, ShowSinksAndDeliveries) {
  const std::string all = call("GET", "/api/v1/outbox").body;
  EXPECT_THAT(all, HasSubstr(R"({"name":"soc","waiting":7,"parked":2,"oldest_seconds":90,"configured":true,)"));
  EXPECT_THAT(all, HasSubstr(R"({"name":"gone","waiting":1,"parked":0,"oldest_seconds":120,"configured":false})"));
  EXPECT_THAT(all, HasSubstr(R"("id":1,"sink":"soc","state":"waiting","key":")" + id_ + R"(.1","route":"all",)" +
                             R"("change":"opened","signal":")" + id_ + R"(","signals":1,)"));
  EXPECT_THAT(all, HasSubstr(R"("why":"too large")"));
  EXPECT_THAT(all, testing::Not(HasSubstr("next")));
}

TEST_F(OutboxRoutesTest, ShowWhatIsAskedFor) {
  const struct {
    std::string query;
    std::vector<std::string> ids;
    std::string next;
  } cases[] = {
      {"?sink=soc", {"1", "2"}, ""}, {"?state=parked", {"2"}, ""},         {"?state=waiting&sink=soc", {"1"}, ""},
      {"?limit=2", {"1", "2"}, "2"}, {"?limit=2&after=2", {"3", "4"}, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const std::string body = call("GET", "/api/v1/outbox" + c.query).body;
    std::vector<std::string> ids;
    for (auto at = body.find("\"id\":"); at != std::string::npos; at = body.find("\"id\":", at + 1)) {
      ids.push_back(body.substr(at + 5, body.find(',', at) - at - 5));
    }
    EXPECT_EQ(ids, c.ids);
    EXPECT_EQ(body.find("\"next\":" + c.next + "}") != std::string::npos, !c.next.empty()) << body;
  }
}

TEST_F(OutboxRoutesTest, RefuseWhatTheyDoNotUnderstand) {
  for (const char* query :
       {"?sink=", "?state=gone", "?limit=0", "?limit=501", "?after=x", "?limit=1&limit=2", "?a=b"}) {
    EXPECT_EQ(call("GET", std::string("/api/v1/outbox") + query).status, 400) << query;
  }
  for (const char* body : {"[]", "{}", R"({"ids":[]})", R"({"ids":["1"]})", R"({"ids":[-1]})", R"({"sink":""})",
                           R"({"ids":[1],"sink":"soc"})", R"({"sink":"soc","waiting":true})", R"({"sink":1})"}) {
    EXPECT_EQ(call("POST", "/api/v1/outbox/retry", body).status, 400) << body;
  }
  EXPECT_EQ(call("POST", "/api/v1/outbox/drop", R"({"ids":[1],"waiting":true})").status, 400);
  EXPECT_EQ(call("POST", "/api/v1/outbox/drop", R"({"ids":[1]})", "text/plain").status, 415);
  EXPECT_TRUE(said_.empty());
}

TEST_F(OutboxRoutesTest, SayWhatIsToBeRetriedOrDropped) {
  EXPECT_EQ(call("POST", "/api/v1/outbox/retry", R"({"ids":[1,2]})").body, "{\"deliveries\":2}\n");
  call("POST", "/api/v1/outbox/retry", R"({"sink":"soc"})");
  call("POST", "/api/v1/outbox/drop", R"({"sink":"soc","waiting":true})");
  EXPECT_THAT(said_, ElementsAre("retry 1,2,", "retry soc", "drop soc waiting"));
}

TEST_F(OutboxRoutesTest, AreInTheStatus) {
  EXPECT_THAT(
      call("GET", "/api/v1/status").body,
      AllOf(
          HasSubstr(
              R"("outbox":{"sinks":1,"waiting":7,"oldest_seconds":90,"parked":2,"stranded":3,"failing":[{"sink":"soc",)"),
          HasSubstr(R"("failures":6,"open":true)")));
}

}  // namespace
}  // namespace tripline::app
