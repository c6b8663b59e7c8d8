// docs/api.yml, the table of routes and the answers go together.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include "app/serve/basic_routes.h"
#include "app/serve/metrics.h"
#include "app/serve/signal_query.h"
#include "app/silence_json.h"
#include "engine/json_text.h"
#include "tests/app/serve/api_fixture.h"
#include "tests/support/json_schema.h"
#include "tests/support/places.h"

namespace tripline::app {
namespace {

YAML::Node page() { return YAML::LoadFile((tests::repository() / "docs" / "api.yml").string()); }

bool is_number_or_flag(const std::string& text) {
  return text == "true" || text == "false" ||
         (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos);
}

/// As JSON; references to components become those of a JSON Schema.
void write_json(const YAML::Node& node, engine::JsonText& json) {
  constexpr std::string_view kComponents = "#/components/schemas/";
  if (node.IsMap()) {
    json.begin_object();
    for (const auto& member : node) {
      json.key(member.first.as<std::string>());
      write_json(member.second, json);
    }
    json.end_object();
  } else if (node.IsSequence()) {
    json.begin_array();
    for (const auto& item : node) write_json(item, json);
    json.end_array();
  } else {
    auto text = node.as<std::string>();
    const bool plain = node.Tag() != "!";
    if (text.starts_with(kComponents)) text = "#/$defs/" + text.substr(kComponents.size());
    if (plain && is_number_or_flag(text)) {
      json.raw(text);
    } else {
      json.string(text);
    }
  }
}

tests::JsonSchema schema_of(const YAML::Node& api, const YAML::Node& schema) {
  engine::JsonText json;
  json.begin_object().key("$defs");
  write_json(api["components"]["schemas"], json);
  for (const auto& member : schema) {
    json.key(member.first.as<std::string>());
    write_json(member.second, json);
  }
  json.end_object();
  return tests::JsonSchema(json.take());
}

/// `GET /api/v1/signals/*`, as both sides name it.
std::string call_of(std::string method, std::string path) {
  for (char& c : method) c = static_cast<char>(std::toupper(c));
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{')) {
    path.replace(at, path.find('}', at) - at + 1, "*");
  }
  return method + " " + path;
}

TEST_F(ApiTest, HasAPageForEachRouteAndNoOther) {
  std::set<std::string> documented, routes;
  for (const auto& path : page()["paths"]) {
    for (const auto& method : path.second) {
      documented.insert(call_of(method.first.as<std::string>(), path.first.as<std::string>()));
    }
  }
  routes_.push_back(metrics_route({}));
  for (Route& route : basic_routes({}, {})) routes_.push_back(std::move(route));
  for (const Route& route : routes_) routes.insert(route.method + " " + route.path);
  EXPECT_EQ(documented, routes);
}

TEST_F(ApiTest, HasAPageForEachParameterAndNoOther) {
  std::set<std::string> documented, read;
  for (const auto& parameter : page()["paths"]["/api/v1/signals"]["get"]["parameters"]) {
    documented.insert(parameter["name"].as<std::string>());
  }
  for (const auto& row : signal_parameters()) read.insert(std::string(row.name));
  EXPECT_EQ(documented, read);
}

TEST_F(ApiTest, AnswersAsThePageSays) {
  const YAML::Node api = page();
  for (int i = 0; i < 3; ++i) some_.add(some_.make(i, engine::Level::kHigh, i));
  const std::string id = some_.add(some_.make(9, engine::Level::kLow, 30));
  const std::string note = R"({"by":"alice","comment":"mine"})";
  const std::string silence =
      R"({"match":{"rule":["a"],"actor.name":["bob"]},"for":"2h","by":"alice","comment":"why"})";
  const std::string silence_id = read_silence(silence, SomeSignals::kNow)->id;
  add_delivery(some_, "soc", id);
  add_delivery(some_, "gone", id);
  const struct {
    std::string method, path, target, body;
  } cases[] = {
      {"get", "/api/v1/signals", "/api/v1/signals?limit=2", ""},
      {"get", "/api/v1/signals/{id}", "/api/v1/signals/" + id, ""},
      {"post", "/api/v1/signals/{id}/acknowledge", "/api/v1/signals/" + id + "/acknowledge", note},
      {"post", "/api/v1/signals/{id}/close", "/api/v1/signals/" + id + "/close", note},
      {"get", "/api/v1/rules", "/api/v1/rules", ""},
      {"get", "/api/v1/sources", "/api/v1/sources", ""},
      {"get", "/api/v1/store", "/api/v1/store", ""},
      {"get", "/api/v1/status", "/api/v1/status", ""},
      {"get", "/api/v1/outbox", "/api/v1/outbox?limit=1", ""},
      {"post", "/api/v1/outbox/retry", "/api/v1/outbox/retry", R"({"sink":"soc"})"},
      {"post", "/api/v1/outbox/drop", "/api/v1/outbox/drop", R"({"ids":[1,2]})"},
      {"post", "/api/v1/silences", "/api/v1/silences", silence},
      {"get", "/api/v1/silences", "/api/v1/silences", ""},
      {"post", "/api/v1/silences/{id}/end", "/api/v1/silences/" + silence_id + "/end", "{}"},
      // Documented errors, with a body that is one.
      {"get", "/api/v1/signals", "/api/v1/signals?limit=x", ""},
      {"get", "/api/v1/signals/{id}", "/api/v1/signals/x", ""},
      {"post", "/api/v1/signals/{id}/close", "/api/v1/signals/" + id + "/close", "{}"},
      {"get", "/api/v1/outbox", "/api/v1/outbox?state=gone", ""},
      {"post", "/api/v1/outbox/retry", "/api/v1/outbox/retry", "{}"},
      {"post", "/api/v1/silences", "/api/v1/silences", "{}"},
      {"post", "/api/v1/silences/{id}/end", "/api/v1/silences/0123456789abcdef/end", "{}"},
  };
  std::set<std::string> tried;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.target);
    const auto response = call(c.method == "get" ? "GET" : "POST", c.target, c.body);
    YAML::Node described = api["paths"][c.path][c.method]["responses"][std::to_string(response.status)];
    ASSERT_TRUE(described) << response.status;
    if (described["$ref"]) described.reset(api["components"]["responses"]["Error"]);
    const auto schema = schema_of(api, described["content"]["application/json"]["schema"]);
    EXPECT_THAT(schema.unknown_words(), testing::IsEmpty());
    EXPECT_THAT(schema.faults_of(response.body), testing::IsEmpty()) << response.body;
    if (response.status == 200) tried.insert(call_of(c.method, c.path));
  }
  for (const Route& route : routes_) EXPECT_TRUE(tried.contains(route.method + " " + route.path)) << route.path;
}

}  // namespace
}  // namespace tripline::app
