#include "app/config/config.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace tripline::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Environment nothing_set() {
  return [](const std::string&) { return std::nullopt; };
}

Config read(std::string_view text) {
  const LoadedConfig loaded = read_config(text, "t.yml", nothing_set());
  for (const auto& found : loaded.diagnostics.all()) ADD_FAILURE() << found.at.line << ": " << found.message;
  return loaded.config;
}

TEST(Config, WithoutAFileListensOnLoopbackAndHasAStoreHere) {
  const auto loaded = load_config("", nothing_set());
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->diagnostics.all().empty());
  const Config& config = loaded->config;
  ASSERT_EQ(config.listen.size(), 1U);
  EXPECT_EQ(config.listen[0], (Config::Listen{"127.0.0.1", 8480, std::nullopt}));
  EXPECT_TRUE(config.loopback_only());
  EXPECT_EQ(config.store.path, "./tripline-data");
  EXPECT_EQ(config.store.retention, hours{24 * 90});
  EXPECT_EQ(config.store.retention_bytes, std::uint64_t{8} << 30);
  EXPECT_EQ(config.store.remember, hours{24});
  EXPECT_EQ(config.store.remember_events, 16'000'000U);
  EXPECT_EQ(config.store.checkpoint, seconds{30});
  EXPECT_EQ(config.store.checkpoint_bytes, 128U << 20);
  EXPECT_EQ(config.lateness, minutes{30});
  EXPECT_EQ(config.limits.intake_bytes, 256U << 20);
  EXPECT_EQ(config.limits.header_time, seconds{10});
  EXPECT_EQ(config.correlations, (Config::Correlations{1'000'000, 1'000}));
  EXPECT_TRUE(config.rules.paths.empty());
  EXPECT_EQ(config.rules.on_error, Config::OnError::kRefuse);
  EXPECT_EQ(config.logs, (Config::Logs{"text", "info"}));
  EXPECT_EQ(config.stop_drain, seconds{20});
  EXPECT_TRUE(config.reload.watch);
  EXPECT_EQ(read(""), read("version: 1\n"));
}

TEST(Config, HasEveryKey) {
  const Config config = read(R"(
version: 1
listen:
  - address: 0.0.0.0:443
    tls: {cert: tls/cert.pem, key: /etc/key.pem, client_ca: ca.pem}
  - address: '[::1]:8480'
limits: {intake: 1GiB, body: 100MB, headers: 256KiB, connections: 10, connections_per_address: 5,
         header_time: 5s, body_time: 2m, idle_time: 1500ms, answer_time: 100s}
correlations: {groups: 5000, entries: 50}
store: {path: data, retention: 30d, retention_bytes: 1GiB, remember: 48h, remember_events: 5000, checkpoint: 10s,
        checkpoint_bytes: 32MiB, dead_letters: 10MiB}
lateness: 1h
workers: 3
sources:
  firehose:
    - {key: firehose-key-1234, name: prod}
  aws:
    region: eu-west-1
    account: 111122223333
    credentials:
      - {access_key_id: AKIDEXAMPLE12345, secret_access_key: wJalrXUtnFEMI/K7MDENG}
    streams:
      - {stream: trail}
      - {stream: other, name: named}
  events:
    - {token: events-token-1234, name: vector}
  folders:
    - {path: in, name: drop, rescan: 2m, settle: 1s, patterns: ['*.gz']}
rules:
  paths: [sigma, /etc/rules]
  lists: lists
  fields: {src.ip: sourceIPAddress}
  include_deprecated: true
  on_error: skip
  overrides:
    - match: {id: [a, b], name: n*, tag: t, level: [low, high], status: test, path: x/*, account: {env: dev}}
      enabled: false
      level: low
      mode: dry_run
      period: 2h
      group: [a.b, c]
      reason: noise
accounts: accounts.yml
api: {read_tokens: [reading-token-123], admin_tokens: changing-token-12}
silence:
  after: 2h
  forget: 10d
  expect:
    - {source: prod}
    - {account: 111122223333, after: 30m, signal: true}
logs: {format: json, level: debug}
stop: {drain: 5s}
reload: {watch: false, interval: 1m}
)");
  Config want;
  want.path = "t.yml";
  want.listen = {{"0.0.0.0", 443, Config::Tls{"tls/cert.pem", "/etc/key.pem", "ca.pem"}}, {"::1", 8480, std::nullopt}};
  want.limits = {1U << 30, 100'000'000, 256U << 10, 10, 5, seconds{5}, minutes{2}, milliseconds{1500}, seconds{100}};
  want.store = {"data", hours{720}, hours{48}, 1U << 30, 5000, seconds{10}, 32U << 20, 10U << 20};
  want.correlations = {5000, 50};
  want.lateness = hours{1};
  want.workers = 3;
  want.sources.firehose = {{"firehose-key-1234", "prod"}};
  want.sources.aws = {"eu-west-1",
                      "111122223333",
                      {{"AKIDEXAMPLE12345", "wJalrXUtnFEMI/K7MDENG"}},
                      {{"trail", "trail"}, {"other", "named"}}};
  want.sources.events = {{"events-token-1234", "vector"}};
  want.sources.folders = {{"in", "drop", {"*.gz"}, minutes{2}, seconds{1}}};
  want.rules.paths = {"sigma", "/etc/rules"};
  want.rules.lists = "lists";
  want.rules.fields = {{"src.ip", "sourceIPAddress"}};
  want.rules.include_deprecated = true;
  want.rules.on_error = Config::OnError::kSkip;
  rules::Override change;
  change.match = {{"a", "b"}, {"n*"}, {"t"}, {engine::Level::kLow, engine::Level::kHigh}, {"test"}, {"x/*"}, {"dev"}};
  change.enabled = false;
  change.level = engine::Level::kLow;
  change.dry_run = true;
  change.period = hours{2};
  change.group = {"a.b", "c"};
  change.reason = "noise";
  ASSERT_EQ(config.rules.overrides.size(), 1U);
  change.at = {"t.yml", 36, 7};
  want.rules.overrides = {change};
  want.accounts = "accounts.yml";
  want.api = {{"reading-token-123"}, {"changing-token-12"}};
  want.silence = {hours{2}, hours{240}, {{"prod", "", hours{2}, false}, {"", "111122223333", minutes{30}, true}}};
  want.sinks = {{"stdout", alerts::find_sink_kind("stdout"), {}}};
  want.routes = {alerts::default_sink_route()};
  want.logs = {"json", "debug"};
  want.stop_drain = seconds{5};
  want.reload = {false, minutes{1}};
  EXPECT_EQ(config, want);
  EXPECT_EQ(config.rules.overrides, want.rules.overrides);
  EXPECT_EQ(config.silence, want.silence);
  EXPECT_EQ(config.sources, want.sources);
  EXPECT_EQ(config.limits, want.limits);
  EXPECT_EQ(config.correlations, (Config::Correlations{5000, 50}));
  EXPECT_FALSE(config.loopback_only());
}

TEST(Config, PathsBeginAtTheFilesFolder) {
  const auto loaded = read_config("store: {path: data}\nrules: {paths: [../rules, /abs], lists: lists}\n",
                                  "/etc/tripline/tripline.yml", nothing_set());
  EXPECT_EQ(loaded.config.store.path, "/etc/tripline/data");
  EXPECT_EQ(loaded.config.rules.paths, (std::vector<std::string>{"/etc/rules", "/abs"}));
  EXPECT_EQ(loaded.config.rules.lists, "/etc/tripline/lists");
}

TEST(Config, SaysWhatIsWrongAndWhere) {
  const struct {
    std::string_view name, text, place, code, message, hint;
  } cases[] = {
      {"a slip", "lisen: []\n", "1:1", "misspelt-attribute", "the configuration has no `lisen`",
       "did you mean `listen`?"},
      {"a slip further in", "store: {retntion: 1d}\n", "1:9", "misspelt-attribute", "`store` has no `retntion`",
       "did you mean `retention`?"},
      {"in another section", "store: {drain: 1d}\n", "1:9", "misplaced-attribute", "`store` has no `drain`",
       "did you mean `stop.drain`?"},
      {"nothing like it", "store: {colour: red}\n", "1:9", "unknown-attribute", "`store` has no `colour`",
       "it takes path, retention"},
      {"no map", "store: 5\n", "1:8", "wrong-type", "`store` takes a map", ""},
      {"the whole is a list", "- a\n", "1:1", "wrong-type", "`the configuration` takes a map", ""},
      {"no list", "listen: {address: 1}\n", "1:9", "wrong-type", "`listen` takes a list of maps", "write `- ` before"},
      {"a list for a text", "accounts: [a]\n", "1:11", "wrong-type", "`accounts` takes text, not a list", ""},
      {"a map in a list", "rules: {paths: [{a: b}]}\n", "1:17", "wrong-type", "`rules.paths` takes a list of texts",
       ""},
      {"no YAML", "store: {\n", "1:8", "yaml-syntax", "", ""},
      {"a key twice", "workers: 1\nworkers: 2\n", "2:1", "duplicate-key", "", ""},
      {"two documents", "workers: 1\n---\nworkers: 2\n", "3:1", "wrong-type", "the configuration is one document", ""},
      {"another version", "version: 2\n", "1:10", "config-value", "`version: 2` is too large", "write at most 1"},
      {"no number", "workers: many\n", "1:10", "config-value", "`workers: many` is no whole number", ""},
      {"a negative number", "workers: -1\n", "1:10", "config-value", "`workers: -1` is no whole number", ""},
      {"above the range", "workers: 2000\n", "1:10", "config-value", "`workers: 2000` is too large",
       "write at most 1024"},
      {"no unit", "lateness: 30\n", "1:11", "config-value", "`lateness: 30` has no unit", "such as 30s or 5m"},
      {"an unknown unit", "lateness: 30min\n", "1:11", "config-value", "`lateness: 30min` has an unknown unit",
       "units are ms, s, m, h, d, w"},
      {"no duration", "lateness: long\n", "1:11", "config-value", "`lateness: long` is no number with a unit", ""},
      {"too short", "lateness: 5s\n", "1:11", "config-value", "`lateness: 5s` is too small", "write at least 1m"},
      {"beyond all numbers", "lateness: 99999999999999999999d\n", "1:11", "config-value", "", ""},
      {"zero", "lateness: 0\n", "1:11", "config-value", "`lateness: 0` is too small", ""},
      {"a size without unit", "limits: {intake: 1000}\n", "1:18", "config-value", "`limits.intake: 1000` has no unit",
       "256MiB"},
      {"a size with a slip", "limits: {intake: 1gib}\n", "1:18", "config-value", "has an unknown unit", "GiB"},
      {"too small a size", "limits: {intake: 1KiB}\n", "1:18", "config-value", "is too small", "write at least 64MiB"},
      {"no flag", "reload: {watch: maybe}\n", "1:17", "config-value", "is neither true nor false", ""},
      {"an unknown word", "logs: {format: jsn}\n", "1:16", "config-value", "`logs.format: jsn` is not known",
       "did you mean `json`?"},
      {"a far word", "logs: {format: xml}\n", "1:16", "config-value", "`logs.format: xml` is not known",
       "it can be text or json"},
      {"no port", "listen: [{address: localhost}]\n", "1:20", "config-value", "has no port", ""},
      {"no host", "listen: [{address: ':80'}]\n", "1:21", "config-value", "has no host", "0.0.0.0:80"},
      {"a bare IPv6 address", "listen: [{address: '::1:80'}]\n", "1:21", "config-value", "is no host and port",
       "in brackets"},
      {"a port too large", "listen: [{address: '127.0.0.1:65536'}]\n", "1:21", "config-value", "has no port from 0",
       ""},
      {"a name for a host", "listen: [{address: 'example.net:80'}]\n", "1:21", "config-value", "is no IP address", ""},
      {"no listener", "listen: []\n", "1:9", "config-conflict", "`listen` is empty", ""},
      {"one twice", "listen: [{address: '127.0.0.1:80'}, {address: '127.0.0.1:80'}]\n", "1:48", "config-conflict",
       "`listen` has 127.0.0.1:80 twice", ""},
      {"exposed", "listen: [{address: '0.0.0.0:80'}]\n", "1:21", "config-exposed",
       "others than this host reach 0.0.0.0:80, and no key or token is configured", "give a source a key"},
      {"a certificate without its key", "listen: [{tls: {cert: a}}]\n", "1:16", "missing-attribute",
       "`listen.tls` has no `key`", "it takes a path"},
      {"a log source", "sources: {firehose: [{key: 0123456789abcdef, name: a, log_source: 'product=x'}]}\n", "1:55",
       "unknown-attribute", "log_source", ""},
      {"an unnamed source", "sources: {firehose: [{key: 0123456789abcdef}]}\n", "1:22", "missing-attribute",
       "`sources.firehose` has no `name`", ""},
      {"a key twice in use",
       "sources: {events: [{token: 0123456789abcdef, name: a}, {token: 0123456789abcdef, name: b}]}\n", "1:64",
       "config-conflict", "`sources.events` has the same `token` twice", ""},
      {"two folders of one name", "sources: {folders: [{path: a, name: x}, {path: b, name: x}]}\n", "1:57",
       "config-conflict", "`sources.folders` has `name: x` twice", ""},
      {"one token for both", "api: {read_tokens: [0123456789abcdef], admin_tokens: [0123456789abcdef]}\n", "1:20",
       "config-conflict", "a token for reading is one for changing, too", ""},
      {"half an hour", "store: {remember: 90m}\n", "1:19", "config-value", "is no whole number of hours", ""},
      {"a body beyond the intake", "limits: {intake: 64MiB}\n", "1:18", "config-conflict",
       "`limits.body` is more than `limits.intake`", ""},
      {"more of each than of all", "limits: {connections: 2, connections_per_address: 3}\n", "1:51", "config-conflict",
       "is more than `limits.connections`", ""},
      {"an override of nothing", "rules: {overrides: [{match: {}, enabled: false}]}\n", "1:29", "config-conflict",
       "the override's `match` is empty", "name: '*'"},
      {"an override without match", "rules: {overrides: [{enabled: false}]}\n", "1:21", "missing-attribute",
       "`rules.overrides` has no `match`", ""},
      {"an override that does nothing", "rules: {overrides: [{match: {id: a}}]}\n", "1:21", "config-conflict",
       "the override changes nothing", ""},
      {"an unknown level", "rules: {overrides: [{match: {level: hihg}, enabled: false}]}\n", "1:37", "config-value",
       "`level: hihg` is not known", "did you mean `high`?"},
      {"an unknown status", "rules: {overrides: [{match: {status: old}, enabled: false}]}\n", "1:38", "config-value",
       "`status: old` is not known", "it can be stable"},
      {"accounts of nowhere", "rules: {overrides: [{match: {account: {env: dev}}, enabled: false}]}\n", "1:45",
       "config-conflict", "without `accounts` no account has an `env`", ""},
      {"an empty group", "rules: {overrides: [{match: {id: a}, group: []}]}\n", "1:45", "config-conflict",
       "`group` names no field", ""},
      {"expected of nothing", "silence: {expect: [{after: 1h}]}\n", "1:20", "config-conflict",
       "`silence.expect` names a `source` or an `account`", ""},
      {"a short account", "silence: {expect: [{account: 123}]}\n", "1:30", "config-value", "is no account's id", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const LoadedConfig loaded = read_config(c.text, "t.yml", nothing_set());
    ASSERT_EQ(loaded.diagnostics.errors(), 1U);
    const rules::Diagnostic& found = loaded.diagnostics.all().front();
    EXPECT_EQ(std::to_string(found.at.line) + ":" + std::to_string(found.at.column), c.place);
    EXPECT_EQ(found.at.path, "t.yml");
    EXPECT_EQ(found.code->code, c.code);
    EXPECT_NE(found.message.find(c.message), std::string::npos) << found.message;
    EXPECT_NE(found.hint.find(c.hint), std::string::npos) << found.hint;
  }
}

TEST(Config, ShowsAllMistakesInOneRun) {
  const LoadedConfig loaded = read_config(
      "lisen: []\nlateness: 30\nstore: {retention: x}\nsources: {firehose: [{name: a}]}\n", "t.yml", nothing_set());
  std::set<int> lines;
  for (const auto& found : loaded.diagnostics.all()) lines.insert(found.at.line);
  EXPECT_EQ(lines, (std::set<int>{1, 2, 3, 4}));
}

TEST(Config, SaysWhyAFileCannotBeRead) {
  const auto loaded = load_config("/nowhere/t.yml", nothing_set());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, engine::ErrorCode::kIo);
  EXPECT_EQ(loaded.error().message, "/nowhere/t.yml: the file cannot be opened: No such file or directory");
}

TEST(Config, BeyondLoopbackOneKeyOrTokenIsEnough) {
  const std::string_view keys[] = {
      "sources: {firehose: [{key: 0123456789abcdef, name: a}]}\n",
      "sources: {events: [{token: 0123456789abcdef, name: a}]}\n",
      "sources: {aws: {credentials: [{access_key_id: AKIDEXAMPLE12345, secret_access_key: 0123456789abcdef}]}}\n",
      "api: {read_tokens: 0123456789abcdef}\n",
      "api: {admin_tokens: 0123456789abcdef}\n",
  };
  for (const std::string_view text : keys) {
    EXPECT_FALSE(read("listen: [{address: '0.0.0.0:80'}]\n" + std::string(text)).loopback_only());
  }
  for (const std::string address : {"127.0.0.1:80", "127.1.2.3:80", "'[::1]:80'", "localhost:80"}) {
    EXPECT_TRUE(read("listen: [{address: " + address + "}]\n").loopback_only()) << address;
  }
}

}  // namespace
}  // namespace tripline::app
