// Nothing secret reaches a durable store, whichever way it goes: engine/secrets.h.

#include <filesystem>

#include <gtest/gtest.h>

#include "engine/secrets.h"
#include "rules/loader.h"
#include "tests/support/identities.h"
#include "tests/support/origin_runs.h"

namespace tripline::engine {
namespace {

using tests::assume;
using tests::call;
using tests::key;
using tests::OriginRun;
using tests::session;
using tests::user;

/// All the ways into the store: records that wait and that signals show, what rules ask to be shown, groups of signals
/// and of correlations, values that are counted or new. `f` is the field in question.
std::string rules_about(const std::string& field) {
  const std::string head = "level: medium\nlogsource: {product: aws, service: cloudtrail}\n";
  const std::string tail = "tripline: {title: 'T {" + field + "} {requestParameters}', group: [" + field + "]}\n";
  return "title: A\nname: a\n" + head +
         "detection: {s: {eventName: RunTask}, condition: s}\nfields: [requestParameters, " + field + "]\n" + tail +
         "---\ntitle: O\nname: o\n" + head +
         "detection: {s: {eventName: RunTask, origin.name: alice}, condition: s}\nfields: [" + field + "]\n" + tail +
         "---\ntitle: B\nname: b\n" + head + "detection: {s: {eventName: RunTask}, condition: s}\n" +
         "---\ntitle: C\nlevel: low\ncorrelation: {type: event_count, rules: [b], group-by: [" + field +
         "], timespan: 1h, condition: {gte: 1}}\n" +
         "---\ntitle: D\nlevel: low\ncorrelation: {type: value_count, rules: [b], timespan: 1h, condition: {field: [" +
         field + "], gte: 1}}\n" +
         "---\ntitle: E\nlevel: low\ncorrelation: {type: new_value, rules: [b], timespan: 30d, condition: {field: " +
         field + "}}\n";
}

std::string bytes_of(const std::filesystem::path& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += tests::read_file(entry.path());
  }
  return bytes;
}

void run_with(const std::string& field, const std::string& parameters) {
  SCOPED_TRACE(parameters);
  const tests::TemporaryFolder folder;
  folder.write("rules.yml", rules_about("requestParameters." + field));
  const auto loaded = rules::load_rules({folder.path().string()}, {});
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->diagnostics.errors(), 0u) << loaded->diagnostics.all().front().message;
  OriginRun run(loaded->rules, true);
  const auto check = [&](const std::string& when) {
    const std::string bytes = bytes_of(run.folder().path());
    EXPECT_EQ(bytes.find("hush"), std::string::npos) << when;
    EXPECT_NE(bytes.find("(secret)"), std::string::npos) << when;
    EXPECT_NE(bytes.find("marker"), std::string::npos) << when << ": the record is there";
  };
  const std::string in_role = session({'1', "R", "s", key("K"), "2026-01-15T10:00:00Z"});
  run.deliver({call("2026-01-15T10:02:00Z", in_role, "RunTask",
                    R"(,"requestParameters":{"task":"marker",)" + parameters + "}")});
  ASSERT_EQ(run.state().origins()->waiting(), 1u);
  check("in the journal");
  run.tend(1000);
  check("in a checkpoint");
  run.restart();
  run.deliver({assume({"2026-01-15T10:00:00Z", user('1', "alice"), '1', "R", "s", key("K")})});
  run.deliver({}, EventTime::max());
  EXPECT_EQ(run.signals().size(), 5u);
  run.tend(1000);
  check("in signals");
}

TEST(StoredSecrets, AreInNoStore) {
  for (const std::string_view ending : secret_endings()) {
    const std::string key(ending);
    run_with("my" + key, "\"my" + key + R"(":"hush")");
  }
}

TEST(StoredSecrets, InOtherFormsAreInNoStore) {
  const struct {
    std::string field;
    std::string parameters;
  } cases[] = {
      {"env.value", R"("env":[{"name":"DB_PASSWORD","value":"hush"},{"name":"USER","value":"bob"}])"},
      {"env.Value", R"("env":[{"Value":"hush","Name":"db_password"}])"},
      {"parameters.parameterValue", R"("parameters":[{"parameterKey":"MasterPassword","parameterValue":"hush"}])"},
      {"document", R"("document":"{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hush\"}]}")"},
      {"document", R"("document":"{\"sessionToken\":\"hush\"}")"},
      {"document", R"("document":"%7B%22sessionToken%22%3A%22hush%22%7D")"},
      {"document", R"("document":"{\"a\":\"{\\\"password\\\":\\\"hush\\\"}\"}")"},
      {"url", R"("url":"https://a.example/?X-Amz-Security-Token=hush&b=c")"},
      {"password", R"("pass\u0077ord":"hush")"},
      {"document", R"("document":"{\"pass\\u0077ord\":\"hush\"}")"},
      {"document", R"("document":"%7B%22pass%77ord%22%3A%22hush%22%7D")"},
      {"password", R"("password":"x","password":"hush")"},
  };
  for (const auto& c : cases) run_with(c.field, c.parameters);
}

}  // namespace
}  // namespace tripline::engine
