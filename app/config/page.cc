#include "app/config/page.h"

#include <algorithm>

#include "app/config/key.h"
#include "app/config/value.h"

namespace tripline::app {
namespace {

constexpr std::string_view kHead =
    R"(# Configuration

`tripline serve -c tripline.yml` reads one YAML file; `tripline config check tripline.yml` says what is wrong with it, and
`tripline config print tripline.yml` what holds and where each value came from. Without a file all is as by default: it
listens on 127.0.0.1:8480, keeps its store in `./tripline-data`, and runs the shipped rules. `deploy/tripline.yml` is an
example with comments.

This page is written from the tables of keys in `app/config/*_keys.cc`; a test holds it to that, and writes it anew when it
is run with `REGENERATE=1`.

## Values

- `${NAME}` in a value is an environment variable, `${NAME:-default}` has a default for when it is not set or empty, and
  `$${` is a plain `${`. Keys are not touched.
- A **secret** may be `file:PATH`: it is read from that file, without one line feed at its end. Secrets are never shown,
  neither by `config print` nor in messages and logs.
- A **duration** is a whole number and a unit, `500ms`, `30s`, `5m`, `2h`, `90d`, `2w`; a **size** is one of `B`, `KiB`,
  `MiB`, `GiB`, `TiB`, `kB`, `MB`, `GB`, `TB`.
- A relative **path** in the file begins at the file's own folder. The default of `store.path` begins at the working
  directory.
- An **address** is `host:port`; host is an IP address, `localhost`, or an IPv6 address in brackets.
- A **log source** is written as `--logsource` has it: `product=aws,service=cloudtrail`.
- Where a list of texts or paths is taken, a single one need not be a list.
- A key that is not known is an error, as is any value that its key does not take; one run shows all of them.

## Who may come in

Nobody but the host itself reaches a loopback address, so there a way in without keys, and the API without tokens, are
open. As soon as one address of `listen` is another one, ways in without keys and an API without tokens are closed, and a
configuration without any key or token is refused.

## Keys
)";

constexpr std::string_view kTail = R"(
## Sinks and routes

```yaml
sinks:
  - name: chat
    slack: {url: 'file:/etc/tripline/slack-url'}
  - name: pager
    pagerduty: {routing_key: 'file:/etc/tripline/pagerduty-key'}

routes:
  - {match: {level: critical}, sinks: [pager], continue: true}
  - {sinks: [chat]}
```

Settings of each kind of sink are in [sinks.md](sinks.md), and are written and read as all others are: variables, `file:`,
durations and sizes. `tripline sink test NAME` tries one out; `tripline route test SIGNAL` says where a signal would go, and
why. Both, and more examples, are in [alerting.md](alerting.md).

## Overrides

Rules that come from elsewhere stay as they are; what shall be different for them is written down here:

```yaml
rules:
  paths: [/etc/tripline/sigma]
  overrides:
    - match: {tag: 'attack.discovery*'}
      level: low
      reason: too much of it is our own inventory
    - match: {name: 'AWS Console GetSigninToken*'}
      enabled: false
      reason: every login makes one
    - match: {path: 'sigma/experimental/*'}
      mode: dry_run
```

A rule that is disabled opens no signals. If a correlation is built on it, it goes on to feed that. What `match` compares is
what the rule's file says, whatever an override before made of it. `tripline rules -c tripline.yml` shows what became of each
rule, and by which overrides.

With `match.account.env` an override holds for events of some accounts alone. A detection is then split by the accounts of
its events: where the overrides for one `env` come to something else than those for all accounts, its events there are left
out, or become signals of a second rule with the other level, mode, period or group. That one's id is the UUIDv5 of the
rule's id, a line feed, `account.env=` and the names, so that signals of the two are never one. Accounts that the file does
not name are in no `env`. A rule that correlations are built on, and a correlation, look at all their events together;
an override for some accounts does not reach them, which is a warning: a Sigma filter on `account.env` does.
)";

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string bound(const ConfigKey& key, std::uint64_t value) {
  if (key.type == ConfigType::kDuration) return duration_words(value);
  if (key.type == ConfigType::kBytes) return size_words(value);
  return std::to_string(value);
}

std::string range(const ConfigKey& key) {
  constexpr std::uint64_t kNone = ConfigKey{}.most;
  const bool counts =
      key.type == ConfigType::kDuration || key.type == ConfigType::kBytes || key.type == ConfigType::kNumber;
  std::string text;
  if (key.least > 0 && (counts || key.least > 1)) text = "from " + bound(key, key.least);
  if (key.most < kNone) text += (text.empty() ? "up to " : " to ") + bound(key, key.most);
  if (text.empty()) return "";
  return " " + text + (counts ? "" : " bytes");
}

std::string type_cell(const ConfigKey& key) {
  std::string text = key.secret && key.type == ConfigType::kText ? "a secret"
                     : key.secret                                ? "a secret or a list of secrets"
                                                                 : std::string(name_of(key.type));
  if (key.type == ConfigType::kWord) {
    text.clear();
    for (std::string_view words = key.words; !words.empty();) {
      const std::size_t end = std::min(words.find(' '), words.size());
      text += (text.empty() ? "" : ", ") + code(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
  }
  return text + range(key);
}

std::string default_cell(const ConfigKey& key) {
  if (key.required) return "*required*";
  return key.fallback.empty() || key.type == ConfigType::kSections ? "" : code(key.fallback);
}

/// Those of a kind of sink are in sinks.md, with what the kind does.
bool is_setting_of_sink(std::string_view path) {
  constexpr std::string_view kSinks = "sinks[].";
  return path.starts_with(kSinks) && path.substr(kSinks.size()).find('.') != std::string_view::npos;
}

}  // namespace

std::string config_page() {
  std::string page(kHead);
  page += "\n| key | | default | |\n|---|---|---|---|\n";
  for (const ConfigKey& key : config_keys()) {
    if (is_setting_of_sink(key.path)) continue;
    page += "| " + code(key.path) + " | " + type_cell(key) + " | " + default_cell(key) + " | " +
            std::string(key.meaning) + " |\n";
  }
  return page + std::string(kTail);
}

}  // namespace tripline::app
