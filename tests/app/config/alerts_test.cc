// `sinks` and `routes`.

#include <gtest/gtest.h>

#include "app/config/config.h"
#include "app/config/key.h"
#include "app/config/print.h"

namespace tripline::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

LoadedConfig loaded(std::string_view text) {
  const Environment environment = [](const std::string& name) {
    return name == "KEY" ? std::optional<std::string>("0123456789abcdef0123456789abcdef") : std::nullopt;
  };
  return read_config(text, "t.yml", environment);
}

Config read(std::string_view text) {
  const LoadedConfig config = loaded(text);
  for (const auto& found : config.diagnostics.all()) ADD_FAILURE() << found.at.line << ": " << found.message;
  return config.config;
}

TEST(AlertsConfig, WithoutSinksHasStandardOutputForAllChangesOfAllSignals) {
  for (const char* text : {"", "sinks: []\n"}) {
    const Config config = read(text);
    ASSERT_EQ(config.sinks.size(), 1u);
    EXPECT_EQ(config.sinks[0], (Config::Sink{"stdout", alerts::find_sink_kind("stdout"), {}}));
    ASSERT_EQ(config.routes.size(), 1u);
    EXPECT_EQ(config.routes[0].sinks, std::vector<std::string>{"stdout"});
    EXPECT_EQ(config.routes[0].match, alerts::SignalMatch());
    EXPECT_EQ(config.routes[0].changes->size(), std::size(alerts::kChanges));
  }
}

TEST(AlertsConfig, HasARouteToAllSinksWhereNoneIsGiven) {
  const Config config = read("sinks: [{name: out, stdout: {}}, {name: hook, webhook: {url: 'https://a.example'}}]\n");
  ASSERT_EQ(config.sinks.size(), 2u);
  EXPECT_EQ(config.sinks[0], (Config::Sink{"out", alerts::find_sink_kind("stdout"), {}}));
  EXPECT_EQ(config.sinks[1], (Config::Sink{"hook", alerts::find_sink_kind("webhook"), {{"url", "https://a.example"}}}));
  ASSERT_EQ(config.routes.size(), 1u);
  EXPECT_EQ(config.routes[0].sinks, (std::vector<std::string>{"out", "hook"}));
  EXPECT_EQ(config.routes[0].match.level, (std::vector<std::string>{"medium", "high", "critical"}));
}

TEST(AlertsConfig, HasEveryKeyOfARoute) {
  const Config config = read(R"(
accounts: accounts.yml
sinks: [{name: chat, stdout: {}}, {name: pager, pagerduty: {routing_key: '${KEY}'}}]
routes:
  - name: all of it
    match:
      level: [low, high]
      outcome: [success]
      rule: 'aws-*'
      tag: [attack.t1098, attack.t1110*]
      account: {id: '111122223333', env: [prod, stage]}
      actor: {name: alice, kind: [human, root]}
      origin: {kind: human}
    sinks: [chat, pager]
    continue: true
    changes: [opened, widened, updated, closed]
    group_by: [rule, level, account, actor, group]
    group_wait: 10s
    group_interval: 5m
    repeat_interval: 4h
    digest_above: 7
    digest_interval: 30m
    rate: {messages: 10, per: 1h}
  - sinks: chat
    group_by: []
)");
  ASSERT_EQ(config.routes.size(), 2u);
  alerts::Route all;
  all.name = "all of it";
  all.match = {.level = {"low", "high"},
               .outcome = {"success"},
               .rule = {"aws-*"},
               .tag = {"attack.t1098", "attack.t1110*"},
               .account = {"111122223333"},
               .account_env = {"prod", "stage"},
               .actor = {"alice"},
               .actor_kind = {"human", "root"},
               .origin_kind = {"human"}};
  all.sinks = {"chat", "pager"};
  all.goes_on = true;
  using enum alerts::Change;
  all.changes = {kOpened, kWidened, kUpdated, kClosed};
  using enum alerts::GroupBy;
  all.group_by = {kRule, kLevel, kAccount, kActor, kGroup};
  all.group_wait = seconds{10};
  all.group_interval = minutes{5};
  all.repeat_interval = hours{4};
  all.digest_above = 7;
  all.digest_interval = minutes{30};
  all.rate = alerts::Rate{10, hours{1}};
  EXPECT_EQ(config.routes[0], all);
  alerts::Route plain;
  plain.name = "route 2";
  plain.match.level = {"medium", "high", "critical"};
  plain.sinks = {"chat"};
  plain.group_by = {};
  EXPECT_EQ(config.routes[1], plain);
}

TEST(AlertsConfig, GivesASinkWhatTheFileSaysOfIt) {
  const Config config = read(R"(
sinks:
  - name: hook
    webhook:
      url: https://hooks.example.com
      headers: {Authorization: Bearer 1, X-Team: soc}
      allow: [127.0.0.1, 10.0.0.0/8]
      timeout: 20s
  - {name: files, file: {path: out/signals.ndjson, rotate_bytes: 10MiB, sync: false}}
)");
  ASSERT_EQ(config.sinks.size(), 2u);
  EXPECT_EQ(config.sinks[0].settings, (alerts::Given{{"url", "https://hooks.example.com"},
                                                     {"headers.Authorization", "Bearer 1"},
                                                     {"headers.X-Team", "soc"},
                                                     {"timeout", "20s"},
                                                     {"allow", "127.0.0.1"},
                                                     {"allow", "10.0.0.0/8"}}));
  EXPECT_EQ(config.sinks[1].settings,
            (alerts::Given{{"path", "out/signals.ndjson"}, {"rotate_bytes", "10MiB"}, {"sync", "false"}}));
}

TEST(AlertsConfig, TakesEverySettingOfEveryKind) {
  for (const alerts::SinkKind* kind : alerts::sink_kinds()) {
    for (const alerts::Setting* setting : alerts::settings_of(*kind)) {
      const std::string path = "sinks[]." + std::string(kind->name) + "." + std::string(setting->key);
      const auto keys = keys_in("sinks[]." + std::string(kind->name));
      const auto at = std::find_if(keys.begin(), keys.end(), [&](const ConfigKey* key) { return key->path == path; });
      ASSERT_NE(at, keys.end()) << path;
      EXPECT_EQ((*at)->secret, setting->secret) << path;
      EXPECT_EQ((*at)->required, setting->required) << path;
      EXPECT_EQ((*at)->fallback, setting->fallback) << path;
    }
  }
}

TEST(AlertsConfig, SaysWhatIsWrongAndWhere) {
  const std::string sink = "sinks: [{name: a, stdout: {}}]\n";
  struct Case {
    std::string_view name;
    std::string text;
    std::string_view at, code, message, hint;
  };
  const Case cases[] = {
      {"a sink without a kind", "sinks: [{name: a}]\n", "1:9", "config-conflict", "the sink has no kind", "`slack:`"},
      {"a sink of two kinds", "sinks: [{name: a, stdout: {}, file: {path: b}}]\n", "1:27", "config-conflict",
       "a sink is of one kind", ""},
      {"a sink without a name", "sinks: [{stdout: {}}]\n", "1:9", "missing-attribute", "`sinks` has no `name`", ""},
      {"two of a name", "sinks: [{name: a, stdout: {}}, {name: a, stdout: {}}]\n", "1:39", "config-conflict",
       "there are two sinks `a`", ""},
      {"a kind that is misspelt", "sinks: [{name: a, slak: {url: 'https://a.example'}}]\n", "1:19",
       "misspelt-attribute", "`sinks` has no `slak`", "did you mean `slack`?"},
      {"a setting that is not there", "sinks: [{name: a, slack: {}}]\n", "1:26", "missing-attribute",
       "`sinks.slack` has no `url`", ""},
      {"a setting that the kind does not take", "sinks: [{name: a, slack: {url: 'ftp://a'}}]\n", "1:33", "config-value",
       "`url`", ""},
      {"settings that contradict one another",
       "sinks: [{name: a, alertmanager: {url: 'http://a.example', hold: 1m}}]\n", "1:65", "config-value",
       "`hold` is at least twice `refresh`", ""},
      {"routes without sinks", "routes: [{sinks: []}]\n", "1:9", "config-conflict", "there are `routes` and no `sinks`",
       ""},
      {"a route without sinks", sink + "routes: [{name: b}, {sinks: a}]\n", "2:10", "missing-attribute",
       "`routes` has no `sinks`", ""},
      {"a route to nobody", sink + "routes: [{sinks: [a, ab]}]\n", "2:18", "config-value", "`sinks: ab` is not known",
       "did you mean `a`?"},
      {"two routes of a name", sink + "routes: [{name: b, sinks: a}, {name: b, sinks: a}]\n", "2:38", "config-conflict",
       "there are two routes `b`", ""},
      {"a sink that no route leads to", sink + "routes: [{sinks: []}]\n", "1:9", "config-conflict",
       "no route leads to the sink `a`", ""},
      {"a level that is none", sink + "routes: [{match: {level: hihg}, sinks: a}]\n", "2:26", "config-value",
       "`level: hihg` is not known", "did you mean `high`?"},
      {"a level that opens no signals", sink + "routes: [{match: {level: informational}, sinks: a}]\n", "2:26",
       "config-value", "`level: informational` is not known", "it takes"},
      {"a match of nothing", sink + "routes: [{match: {tag: []}, sinks: a}]\n", "2:24", "config-conflict",
       "`tag` names nothing", ""},
      {"an `env` without accounts", sink + "routes: [{match: {account: {env: prod}}, sinks: a}]\n", "2:34",
       "config-conflict", "without `accounts` no account has an `env`", ""},
      {"a change that is none", sink + "routes: [{changes: [open], sinks: a}]\n", "2:20", "config-value",
       "`changes: open` is not known", "it takes opened"},
      {"no change", sink + "routes: [{changes: [], sinks: a}]\n", "2:20", "config-conflict", "`changes` names none",
       "`sinks: []`"},
      {"a rate without a time", sink + "routes: [{rate: {messages: 3}, sinks: a}]\n", "2:17", "missing-attribute",
       "`routes.rate` has no `per`", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto config = loaded(c.text);
    // Of a kind that is misspelt it is said as well that there is none.
    ASSERT_EQ(config.diagnostics.errors(), c.code == "misspelt-attribute" ? 2u : 1u);
    const auto& found =
        config.diagnostics.errors() == 2 ? config.diagnostics.all().back() : config.diagnostics.all().front();
    EXPECT_EQ(std::to_string(found.at.line) + ":" + std::to_string(found.at.column), c.at) << found.message;
    EXPECT_EQ(found.code->code, c.code);
    EXPECT_NE(found.message.find(c.message), std::string::npos) << found.message;
    EXPECT_NE(found.hint.find(c.hint), std::string::npos) << found.hint;
  }
}

TEST(AlertsConfig, WarnsOfAddressesThatRequestsMayNotGoTo) {
  const struct {
    std::string sink;
    std::string_view says;  // empty: nothing
  } cases[] = {
      {"webhook: {url: 'http://127.0.0.1:9/token'}", "`url` leads to 127.0.0.1 (loopback), where requests may not go"},
      {"webhook: {url: 'http://LOCALHOST/'}", "`url` leads to LOCALHOST (loopback)"},
      {"webhook: {url: 'http://[::1]/'}", "`url` leads to [::1] (loopback)"},
      {"sqs: {queue_url: 'http://169.254.1.2/q', region: us-east-1}", "`queue_url` leads to 169.254.1.2 (link-local)"},
      {"sns: {topic_arn: 'arn:aws:sns:us-east-1:123456789012:a', endpoint: 'http://127.0.0.1'}", "`endpoint` leads"},
      {"webhook: {url: 'http://localhost/', proxy: 'http://proxy:80'}", ""},
      {"webhook: {url: 'http://127.0.0.1:9/', allow: 127.0.0.0/8}", ""},
      {"webhook: {url: 'http://localhost:9/', allow: localhost}", ""},
      {"webhook: {url: 'http://10.1.2.3/'}", ""},
      {"webhook: {url: 'https://hooks.example.com/'}", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.sink);
    const auto config = loaded("sinks: [{name: a, " + c.sink + "}]\n");
    EXPECT_EQ(config.diagnostics.errors(), 0u);
    ASSERT_EQ(config.diagnostics.all().size(), c.says.empty() ? 0u : 1u);
    if (c.says.empty()) continue;
    const auto& found = config.diagnostics.all().front();
    EXPECT_EQ(found.code->code, "config-denied-address");
    EXPECT_NE(found.message.find(c.says), std::string::npos) << found.message;
    EXPECT_EQ(found.message.find("token"), std::string::npos);
    EXPECT_NE(found.hint.find("`allow`"), std::string::npos);
  }
}

TEST(AlertsConfig, HasTheBoundsOfEachSink) {
  const Config config = read(
      "sinks: [{name: a, stdout: {}}, {name: b, stdout: {}, concurrency: 1, give_up_after: 7d, most_waiting: 1000}]\n");
  EXPECT_EQ(config.sinks[0].bounds, alerts::SinkBounds()) << "the table and the struct have the same defaults";
  EXPECT_EQ(config.sinks[1].bounds,
            (alerts::SinkBounds{.concurrency = 1, .most_waiting = 1000, .give_up_after = std::chrono::hours{168}}));
}

TEST(AlertsConfig, NeverShowsSecretsOfSinks) {
  const std::string secret = "do-not-show-me-0123";
  const auto config =
      loaded("sinks:\n  - {name: out, stdout: {}}\n  - name: hook\n    webhook: {url: 'https://a.example/" + secret +
             "', headers: {Authorization: " + secret + "}, proxy: 'http://" + secret +
             "'}\n  - {name: wrong, slack: {url: '" + secret + "'}}\n");
  EXPECT_EQ(config.diagnostics.errors(), 1u);
  for (const auto& found : config.diagnostics.all()) {
    EXPECT_EQ((found.message + found.hint).find(secret), std::string::npos) << found.message;
  }
  const std::string text = config_text(config.tree), json = config_json(config.tree);
  EXPECT_EQ((text + json).find(secret), std::string::npos);
  EXPECT_NE(text.find("Authorization: (secret)"), std::string::npos) << text;
  EXPECT_NE(text.find("stdout:\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("teams"), std::string::npos) << "only the kind that it is of is shown";
}

}  // namespace
}  // namespace tripline::app
