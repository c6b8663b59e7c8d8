#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/ip.h"
#include "engine/text.h"
#include "rules/cloudtrail_calls.h"
#include "rules/cloudtrail_fields.h"
#include "rules/cloudtrail_lint.h"
#include "rules/cloudtrail_values.h"
#include "rules/search_use.h"

namespace tripline::rules {
namespace {

using Items = std::vector<FieldItem>;  // one map of a search

/// One item with what stands around it.
struct Place {
  const FieldItem& item;
  const Items& map;
  bool wanted;    // its search is used outside `not` ...
  bool excluded;  // ... and under one
};

/// A text that a field must equal, when it stands there without modifiers.
bool is_plain(const Scalar& value) {
  return value.kind == Scalar::Kind::kString && value.text.find_first_of("*?\\") == std::string::npos;
}

bool says(const FieldItem& item, std::string_view folded) {
  return std::any_of(item.values.begin(), item.values.end(),
                     [&](const Scalar& value) { return engine::equals_folded(value.text, folded); });
}

/// Plain texts that the field must equal: no modifier, no wildcard.
bool is_equality(const FieldItem& item) {
  return item.modifiers.empty() && !item.values.empty() &&
         std::all_of(item.values.begin(), item.values.end(), is_plain);
}

/// `a`, `b` or `c`.
std::string list_of(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == items.size() ? " or " : ", ") + ("`" + items[i] + "`");
  }
  return out;
}

class ValueLint {
 public:
  explicit ValueLint(const LintInput& input) : input_(input), uses_(uses_of(input.body)) {
    for (const auto& use : uses_) {
      for (const auto& map : use.search->any) {
        for (const auto& item : map) {
          if (use.wanted || use.excluded) places_.push_back({item, map, use.wanted, use.excluded});
        }
      }
    }
  }

  void check() {
    for (const auto& place : places_) {
      check_event_names(place);
      check_denied(place);
      check_negated_network(place);
      check_mfa_used(place);
      check_text_as_boolean(place);
      check_plain_values(place);
    }
  }

 private:
  /// The eventSources that an item's events come from: those of its own map, else of a search that must hold too.
  /// Empty: not known.
  std::vector<std::string> sources_of(const Place& place) const {
    if (const auto* own = source_in(place.map)) return texts_of(*own);
    for (const auto& use : uses_) {
      if (!use.required) continue;
      std::vector<std::string> all;
      for (const auto& map : use.search->any) {
        const auto* source = source_in(map);
        const auto texts = source ? texts_of(*source) : std::vector<std::string>{};
        if (texts.empty()) break;
        all.insert(all.end(), texts.begin(), texts.end());
        if (&map == &use.search->any.back()) return all;
      }
    }
    return {};
  }

  static const FieldItem* source_in(const Items& map) {
    const auto found =
        std::find_if(map.begin(), map.end(), [](const auto& item) { return item.field == "eventSource"; });
    return found == map.end() ? nullptr : &*found;
  }

  /// The texts that the field must equal; empty when it may be others too.
  static std::vector<std::string> texts_of(const FieldItem& item) {
    std::vector<std::string> out;
    if (!is_equality(item)) return out;
    for (const auto& value : item.values) out.push_back(value.text);
    return out;
  }

  void check_event_names(const Place& place) {
    const auto& item = place.item;
    if (item.field != "eventName" || !item.modifiers.empty()) return;
    const auto sources = sources_of(place);
    for (const auto& value : item.values) {
      if (!is_plain(value)) continue;
      // Nothing is said while one of the sources may have it.
      std::vector<CallCheck> checks;
      for (const auto& source : sources) checks.push_back(check_call(source, value.text));
      const auto fine = [](const CallCheck& check) { return check.kind == CallCheck::Kind::kFine; };
      if (checks.empty() || std::any_of(checks.begin(), checks.end(), fine)) continue;
      warn_of_name(value, sources, checks[0]);
    }
  }

  void warn_of_name(const Scalar& value, const std::vector<std::string>& sources, const CallCheck& check) {
    const std::string& instead = check.suggestions[0];
    const std::string lacks = list_of(sources) + " has no call `" + value.text + "`";
    switch (check.kind) {
      case CallCheck::Kind::kFine:
        return;
      case CallCheck::Kind::kUndated:
        return input_.warn(
            "undated-lambda-event", value.at,
            "Lambda logs `" + value.text + "` with the date of the API's version, so the bare name never matches",
            "write `" + instead + "`, or `" + instead.substr(0, value.text.size()) + "20*` for any date");
      case CallCheck::Kind::kOtherSource:
        return input_.warn("unknown-event-name", value.at, lacks, "it is a call of " + list_of(check.suggestions));
      case CallCheck::Kind::kPermission:
        return input_.warn("unknown-event-name", value.at, "`" + value.text + "` is a permission, and no eventName",
                           instead.empty() ? "no record has this name; name the calls that need the permission"
                                           : "write `" + instead + "`");
      case CallCheck::Kind::kNearMiss:
        return input_.warn("unknown-event-name", value.at, lacks, "did you mean `" + instead + "`?");
    }
  }

  void check_denied(const Place& place) {
    const auto& item = place.item;
    if (item.field != "errorCode" || !is_equality(item) || item.values.size() != 1) return;
    if (!says(item, "accessdenied")) return;
    input_.warn("only-access-denied", item.values[0].at,
                "most services say it in other words: AccessDeniedException, Client.UnauthorizedOperation, ...",
                "write `outcome: denied`, which knows them all");
  }

  void check_negated_network(const Place& place) {
    const auto& item = place.item;
    const bool negated = has_modifier(item, "neq") ? place.wanted : place.excluded;
    if (item.field != "sourceIPAddress" || !has_modifier(item, "cidr") || !negated) return;
    // Somebody who also excludes services, by whatever means, has thought of it.
    constexpr std::string_view kTellServices[] = {
        "sourceIPAddress", "userIdentity.invokedBy", "userIdentity.type", "actor.kind", "actor.type", "eventType"};
    const bool thought_of = std::any_of(places_.begin(), places_.end(), [&](const Place& other) {
      return !has_modifier(other.item, "cidr") &&
             std::find(std::begin(kTellServices), std::end(kTellServices), other.item.field) != std::end(kTellServices);
    });
    if (thought_of) return;
    input_.warn(
        "negated-network", item.at,
        "sourceIPAddress also holds names of AWS services, which lie in no network, so `not` lets all of them through",
        "exclude them too, as with a search `userIdentity.invokedBy|exists: true` or `actor.kind: service`");
  }

  void check_mfa_used(const Place& place) {
    const auto& item = place.item;
    if (item.field != "additionalEventData.MFAUsed") return;
    const bool neq = has_modifier(item, "neq");
    const bool wanted = neq ? place.excluded : place.wanted, excluded = neq ? place.wanted : place.excluded;
    if (!(wanted && says(item, "no")) && !(excluded && says(item, "yes"))) return;
    constexpr std::string_view kTellIdentity[] = {"userIdentity.type", "actor.type", "actor.kind", "userIdentity.arn",
                                                  "userIdentity.userName"};
    const bool told = std::any_of(places_.begin(), places_.end(), [&](const Place& other) {
      return std::find(std::begin(kTellIdentity), std::end(kTellIdentity), other.item.field) != std::end(kTellIdentity);
    });
    if (told) return;
    input_.warn("mfa-of-federated", item.at,
                "logins through an identity provider always say No, so the rule fires on each of them",
                "add `userIdentity.type: [IAMUser, Root]`");
  }

  void check_text_as_boolean(const Place& place) {
    const auto* field = find_cloudtrail_field(place.item.field);
    if (!field || field->type != CloudTrailType::kBoolText || has_modifier(place.item, "exists")) return;
    for (const auto& value : place.item.values) {
      if (value.kind != Scalar::Kind::kBool) continue;
      const bool yes_no = field->says.starts_with("Yes");
      const std::string text = engine::fold(value.text);
      input_.warn("text-as-boolean", value.at, "`" + place.item.field + "` is text in CloudTrail, and no boolean",
                  "write `'" + (yes_no ? std::string(text == "true" ? "Yes" : "No") : text) + "'`, with the quotes");
    }
  }

  void check_plain_values(const Place& place) {
    const std::string& field = input_.mapped(place.item.field);
    if (!place.item.modifiers.empty()) return;
    for (const auto& value : place.item.values) {
      if (!is_plain(value)) continue;
      if (field.empty()) {
        check_keyword(value);
      } else if (field == "sourceIPAddress" && value.text.find('/') != std::string::npos &&
                 engine::parse_network(value.text)) {
        input_.warn("network-as-text", value.at,
                    "`" + value.text + "` is compared as text here, and no record has it for its address",
                    "write `" + place.item.field + "|cidr: " + value.text + "` for the addresses in it");
      } else if (const auto wrong = check_value(field, value.text)) {
        input_.warn("impossible-value", value.at, wrong->message, wrong->hint);
      }
    }
  }

  void check_keyword(const Scalar& value) {
    const auto found = field_in_keyword(value.text);
    if (!found) return;
    input_.warn("field-in-keyword", value.at,
                "`" + value.text + "` is a keyword, which is looked for as text anywhere in a record",
                "write `" + std::string(found->field) + ": " + std::string(found->value) + "` in a map, without `- `");
  }

  const LintInput& input_;
  std::vector<SearchUse> uses_;
  std::vector<Place> places_;
};

}  // namespace

void lint_values(const LintInput& input) { ValueLint(input).check(); }

}  // namespace tripline::rules
