#include <deque>
#include <string>
#include <vector>

#include "alerts/signal_match.h"
#include "alerts/sink_kind.h"
#include "app/config/key.h"

namespace tripline::app {
namespace {

using alerts::SettingType;
using enum ConfigType;

constexpr std::uint64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

struct TypeRow {
  SettingType setting;
  ConfigType config;
};
/// Values are checked by the kind of the sink (alerts::read_sink), beyond what the configuration's types ask for.
constexpr TypeRow kTypes[] = {
    {SettingType::kText, kText},         {SettingType::kTexts, kTexts}, {SettingType::kTextMap, kTextMap},
    {SettingType::kPath, kPath},         {SettingType::kUrl, kText},    {SettingType::kFlag, kFlag},
    {SettingType::kNumber, kNumber},     {SettingType::kBytes, kBytes}, {SettingType::kWord, kWord},
    {SettingType::kDuration, kDuration},
};

ConfigType type_of(SettingType setting) {
  for (const TypeRow& row : kTypes) {
    if (row.setting == setting) return row.config;
  }
  return kText;
}

constexpr ConfigKey kSinkKeys[] = {
    {.path = "sinks",
     .type = kSections,
     .meaning =
         "Where signals are told of; each has a name, and a map that is called after its kind and has its "
         "settings. Without any: one `stdout: {}` of the name `stdout`, and one route that leads all changes of all "
         "signals there."},
    {.path = "sinks[].name",
     .type = kText,
     .meaning = "What routes, metrics and deliveries call it. What waits for it waits under this name.",
     .least = 1,
     .most = 64,
     .required = true},
    {.path = "sinks[].concurrency",
     .type = kNumber,
     .fallback = "4",
     .meaning = "How many requests to it may be under way at a time. Of one rule and group it is always one.",
     .least = 1,
     .most = 64},
    {.path = "sinks[].give_up_after",
     .type = kDuration,
     .fallback = "24h",
     .meaning = "What could not be delivered within so long is parked, with the reason, until somebody says "
                "`tripline outbox retry`.",
     .least = kMinute,
     .most = 30 * kDay},
    {.path = "sinks[].most_waiting",
     .type = kNumber,
     .fallback = "100000",
     .meaning = "How many deliveries wait for it at the most, at some 300 bytes of memory each; the oldest beyond "
                "that are parked.",
     .least = 100,
     .most = 1'000'000},
};

constexpr ConfigKey kRouteKeys[] = {
    {.path = "routes",
     .type = kSections,
     .meaning = "Which signals go to which sinks, and at what pace: [alerting.md](alerting.md). The first that takes a "
                "signal is the last that is tried. Without any: one for all sinks, with all defaults."},
    {.path = "routes[].name",
     .type = kText,
     .meaning = "What it is called in deliveries and by `tripline route test`; else `route 1` and so on.",
     .least = 1,
     .most = 64},
    {.path = "routes[].match",
     .type = kSection,
     .meaning = "Which signals it takes: those that all of these fit. In a list one value is enough. `*` and `?` stand "
                "for any text and any character; letter case is nothing."},
    {.path = "routes[].match.account",
     .type = kSection,
     .meaning = "The accounts that the signal is about; one is "
                "enough."},
    {.path = "routes[].match.actor", .type = kSection, .meaning = "Who acted."},
    {.path = "routes[].match.origin", .type = kSection, .meaning = "Who started the chain of credentials."},
    {.path = "routes[].sinks",
     .type = kTexts,
     .meaning = "Their names. `[]`: what the route takes is told nowhere.",
     .required = true},
    {.path = "routes[].continue",
     .type = kFlag,
     .fallback = "false",
     .meaning = "The routes after it are tried, too. A sink is told once all the same."},
    {.path = "routes[].changes",
     .type = kTexts,
     .meaning = "What is told: `opened`, `widened`, `updated`, `closed`. Else openings, and from level high on what "
                "widens. Pagers and Alertmanager hear of closings in any case."},
    {.path = "routes[].group_by",
     .type = kTexts,
     .fallback = "rule",
     .meaning = "What signals that are told together have in common: `rule`, `level`, `account`, `actor`, `group` "
                "(rule and group). `[]`: nothing, all of them."},
    {.path = "routes[].group_wait",
     .type = kDuration,
     .meaning = "How long the first of a group waits for others; else `0s`.",
     .most = kDay},
    {.path = "routes[].group_interval",
     .type = kDuration,
     .meaning = "For how long what follows is gathered into one message; else `1m`. With both `0s` each is told by "
                "itself, and so it is where pagers, Alertmanager, SQS, Elasticsearch or files are told.",
     .most = kDay},
    {.path = "routes[].repeat_interval",
     .type = kDuration,
     .meaning = "What still goes on after so long is told again; `0s`: never. Else `24h`, and never to SQS, "
                "Elasticsearch and files.",
     .most = 30 * kDay},
    {.path = "routes[].digest_above",
     .type = kNumber,
     .meaning = "A rule of which a sink is to hear of more signals than that in an hour is told as one digest until it "
                "calms down; 0: never. Else 20, and never to SQS, Elasticsearch and files.",
     .most = 1000},
    {.path = "routes[].digest_interval",
     .type = kDuration,
     .meaning = "Between two digests of a rule; else `1h`. The first comes a minute after the rule has become noisy.",
     .least = kMinute,
     .most = 7 * kDay},
    {.path = "routes[].rate",
     .type = kSection,
     .meaning = "How many messages each sink gets from the route. What is beyond comes in one message afterwards.",
     .optional = true},
    {.path = "routes[].rate.messages",
     .type = kNumber,
     .meaning = "How many.",
     .least = 1,
     .most = 1'000'000,
     .required = true},
    {.path = "routes[].rate.per",
     .type = kDuration,
     .meaning = "In how long a time.",
     .least = kSecond,
     .most = 7 * kDay,
     .required = true},
};

/// Rows that are made of other tables, and the texts that they view.
class MadeKeys {
 public:
  MadeKeys() {
    add(kSinkKeys);
    for (const alerts::SinkKind* kind : alerts::sink_kinds()) add_kind(*kind);
    for (const ConfigKey& key : kRouteKeys) {
      keys_.push_back(key);
      const std::string_view section = key.path;
      for (const alerts::Trait& trait : alerts::kTraits) {
        if (section == section_of(trait)) add_trait(trait);
      }
    }
  }

  std::span<const ConfigKey> keys() const { return keys_; }

 private:
  void add(std::span<const ConfigKey> keys) { keys_.insert(keys_.end(), keys.begin(), keys.end()); }

  std::string_view kept(std::string text) { return texts_.emplace_back(std::move(text)); }

  void add_kind(const alerts::SinkKind& kind) {
    const std::string path = "sinks[]." + std::string(kind.name);
    keys_.push_back({.path = kept(path), .type = kSection, .meaning = kind.meaning, .optional = true});
    for (const alerts::Setting* setting : alerts::settings_of(kind)) {
      keys_.push_back({.path = kept(path + "." + std::string(setting->key)),
                       .type = type_of(setting->type),
                       .fallback = setting->fallback,
                       .meaning = setting->meaning,
                       .words = setting->words,
                       .required = setting->required,
                       .secret = setting->secret});
    }
  }

  static std::string section_of(const alerts::Trait& trait) {
    const std::size_t dot = trait.key.find('.');
    return "routes[].match" + (dot == std::string_view::npos ? "" : "." + std::string(trait.key.substr(0, dot)));
  }

  void add_trait(const alerts::Trait& trait) {
    keys_.push_back({.path = kept("routes[].match." + std::string(trait.key)),
                     .type = kTexts,
                     .fallback = trait.key == "level" ? "medium, high, critical" : "",
                     .meaning = trait.meaning,
                     .least = 1,
                     .most = 1024});
  }

  std::deque<std::string> texts_;
  std::vector<ConfigKey> keys_;
};

}  // namespace

std::span<const ConfigKey> alert_keys() {
  static const MadeKeys made;
  return made.keys();
}

}  // namespace tripline::app
