#include "app/config/key.h"

namespace tripline::app {
namespace {

using enum ConfigType;

constexpr std::string_view kLevelWords = "informational low medium high critical";

constexpr ConfigKey kKeys[] = {
    {.path = "rules", .type = kSection, .meaning = "What is looked for."},
    {.path = "rules.paths", .type = kPaths, .meaning = "Files, and folders that are walked. None: the shipped pack."},
    {.path = "rules.lists", .type = kPath, .meaning = "A folder of `expand` values, one a line."},
    {.path = "rules.fields",
     .type = kTextMap,
     .meaning = "Renames of fields: as rules call them, to as events do. Top-level names may hold dots."},
    {.path = "rules.include_deprecated",
     .type = kFlag,
     .fallback = "false",
     .meaning = "Also rules of status deprecated or unsupported."},
    {.path = "rules.on_error",
     .type = kWord,
     .fallback = "refuse",
     .meaning =
         "When a rule does not compile: `refuse` to start, and keep the old set at a reload; or `skip` that rule.",
     .words = "refuse skip"},

    {.path = "rules.overrides",
     .type = kSections,
     .meaning = "Changes of rules that leave their files alone, in order: of two that match a rule, the later one wins "
                "in what both set. One that matches nothing is a warning."},
    {.path = "rules.overrides[].match",
     .type = kSection,
     .meaning = "Which rules: those that all of these fit. In a list one value is enough. `*` and `?` stand for any "
                "text and any character; letter case is nothing.",
     .required = true},
    {.path = "rules.overrides[].match.id", .type = kTexts, .meaning = "Its id.", .least = 1},
    {.path = "rules.overrides[].match.name", .type = kTexts, .meaning = "Its name or its title.", .least = 1},
    {.path = "rules.overrides[].match.tag", .type = kTexts, .meaning = "One of its tags.", .least = 1},
    {.path = "rules.overrides[].match.level",
     .type = kTexts,
     .meaning = "Its level as its file says it: informational, low, medium, high, critical.",
     .least = 1},
    {.path = "rules.overrides[].match.status",
     .type = kTexts,
     .meaning = "Its status: stable, test, experimental, deprecated, unsupported.",
     .least = 1},
    {.path = "rules.overrides[].match.path",
     .type = kTexts,
     .meaning = "Its file: the end of the path, from some folder on. `*` takes in `/`.",
     .least = 1},
    {.path = "rules.overrides[].match.account",
     .type = kSection,
     .meaning = "Only for events of some accounts, which `accounts` must name."},
    {.path = "rules.overrides[].match.account.env",
     .type = kTexts,
     .meaning = "The account's `env`, whole.",
     .least = 1},
    {.path = "rules.overrides[].enabled",
     .type = kFlag,
     .meaning =
         "`false`: it opens no signals. `true`: it does, whatever an override before says, and even if its status "
         "is deprecated or unsupported."},
    {.path = "rules.overrides[].level", .type = kWord, .meaning = "Its level.", .words = kLevelWords},
    {.path = "rules.overrides[].mode",
     .type = kWord,
     .meaning = "`dry_run`: its signals are kept and counted and go nowhere. `live`: they go.",
     .words = "dry_run live"},
    {.path = "rules.overrides[].period",
     .type = kDuration,
     .meaning = "How long one signal goes on.",
     .least = 1000,
     .most = std::uint64_t{366} * 86'400'000},
    {.path = "rules.overrides[].group",
     .type = kTexts,
     .meaning = "Fields: one signal for each of their values. Not of correlations, which have `group-by`.",
     .least = 1},
    {.path = "rules.overrides[].reason", .type = kText, .meaning = "Why; shown beside the rule."},
};

}  // namespace

std::span<const ConfigKey> rule_keys() { return kKeys; }

}  // namespace tripline::app
