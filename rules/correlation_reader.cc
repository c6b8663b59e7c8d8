#include "rules/correlation_reader.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text.h"
#include "rules/correlation_condition.h"
#include "rules/correlation_type.h"
#include "rules/timespan.h"

namespace tripline::rules {
namespace {

using Asks = CorrelationTypeRow::Asks;
using Fields = CorrelationTypeRow::Fields;

constexpr std::string_view kKeys[] = {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"};
constexpr std::int64_t kShortestMemory = 86'400;  // seconds: sightings of new_value are kept by the hour
constexpr const char* kNameRules = "name the rules whose events are correlated, by their `name` or `id`";

class CorrelationReader {
 public:
  CorrelationReader(const YamlNode& map, NodeReader& reader, CorrelationRule& rule)
      : map_(map), reader_(reader), rule_(rule) {}

  void read() {
    reader_.refuse_unknown_keys(map_, kKeys, "correlation");
    read_type();
    if (const YamlNode* node = map_.find("group-by")) {
      rule_.group_by = reader_.strings(*node, "group-by");
      rule_.group_by_at = reader_.at(*node);
    }
    if (const YamlNode* node = map_.find("generate")) rule_.generate |= reader_.flag(*node, "generate");
    read_span();
    read_rules();
    if (type_) read_condition();
    read_aliases();
    check_title();
  }

 private:
  /// Signals of a correlation are of several events: its title can say what these have in common.
  void check_title() {
    std::vector<std::string_view> known(rule_.group_by.begin(), rule_.group_by.end());
    if (type_ && type_->type == engine::CorrelationType::kNewValue) {
      known.insert(known.end(), rule_.field.begin(), rule_.field.end());
    }
    known.insert(known.end(), std::begin(engine::kCorrelationFacts), std::end(engine::kCorrelationFacts));
    for (const auto& part : rule_.tripline.title) {
      if (part.field.empty() || std::find(known.begin(), known.end(), part.field) != known.end()) continue;
      reader_.report("bad-title", rule_.tripline.title_at,
                     "`{" + part.field + "}` is nothing that the correlation's events have in common",
                     "a correlation's title can name " + enumerate(known, "and"));
    }
  }

  /// The key's value; nothing, and an error, when it is missing. A misspelt key has its error already.
  const YamlNode* required(std::string_view key, const std::string& hint) {
    const YamlNode* value = map_.find(key);
    if (value && !value->is_null()) return value;
    for (const auto& entry : map_.entries) {
      if (entry.key != key && slip_of(entry.key, kKeys) == key) return nullptr;
    }
    reader_.report("missing-attribute", reader_.at(map_), "`correlation` has no `" + std::string(key) + "`", hint);
    return nullptr;
  }

  void read_type() {
    std::vector<std::string_view> names;
    for (const auto& type : kCorrelationTypes) names.push_back(type.name);
    const YamlNode* node = required("type", "it can be " + enumerate(names, "or"));
    const auto text = node ? reader_.text(*node, "type") : std::nullopt;
    if (!text) return;
    rule_.type = *text;
    for (const auto& type : kCorrelationTypes) {
      if (type.name == *text) type_ = &type;
    }
    if (type_) return;
    const std::string_view slip = slip_of(*text, names);
    reader_.report("correlation-type", reader_.at(*node), "`" + *text + "` is no type of correlation",
                   slip.empty() ? "it can be " + enumerate(names, "or") : "did you mean `" + std::string(slip) + "`?");
  }

  void read_span() {
    const YamlNode* node = required("timespan", "add a line such as `timespan: 15m`");
    if (!node) return;
    rule_.timespan_seconds = read_timespan(*node, "timespan", reader_);
    const bool forgets = type_ && type_->asks == Asks::kNovelty;
    if (forgets && rule_.timespan_seconds > 0 && rule_.timespan_seconds < kShortestMemory) {
      reader_.report("bad-timespan", reader_.at(*node), "new_value forgets values after its timespan, of 1d at least",
                     "write a longer one, such as `timespan: 30d`");
    }
  }

  void read_rules() {
    const YamlNode* node = map_.find("rules");
    if (node) rule_.rules = reader_.texts(*node, "rules");
    std::set<std::string> seen;
    for (const Reference& reference : rule_.rules) {
      if (!seen.insert(engine::fold(reference.name)).second) {
        reader_.report("rule-named-twice", reference.at, "`" + reference.name + "` stands twice in `rules`",
                       "each rule counts once: remove one of the two");
      }
    }
    if (!rule_.rules.empty()) return;
    const YamlNode* condition = map_.find("condition");
    const bool condition_names_them = type_ && type_->asks == Asks::kSteps && condition && !condition->is_null() &&
                                      condition->kind == YamlNode::Kind::kScalar;
    if (condition_names_them) return;
    if (node && node->kind == YamlNode::Kind::kList && node->items.empty()) {
      reader_.report("missing-attribute", reader_.at(*node), "`rules` names no rule", kNameRules);
    } else {
      required("rules", kNameRules);
    }
  }

  void read_condition() {
    const YamlNode* node = map_.find("condition");
    if (node && !node->is_null()) {
      read_correlation_condition(*node, *type_, reader_, rule_);
    } else if (type_->asks == Asks::kNovelty) {
      required("condition", "write `condition: {field: awsRegion}`");
    } else if (type_->asks != Asks::kSteps && type_->asks != Asks::kEveryStep) {
      required("condition", type_->fields == Fields::kNone ? "write `condition: {gte: 10}`"
                                                           : "write `condition: {field: awsRegion, gte: 10}`");
    }
  }

  void read_aliases() {
    const YamlNode* node = map_.find("aliases");
    if (!node || node->is_null() || !reader_.expect_map(*node, "aliases")) return;
    for (const auto& alias : node->entries) {
      if (alias.value.kind != YamlNode::Kind::kMap) {
        reader_.report("wrong-type", reader_.at(alias), "the alias `" + alias.key + "` takes a map of rules to fields",
                       "write `" + alias.key + ": {rule_name: field}`");
        continue;
      }
      auto& fields = rule_.aliases[alias.key];
      for (const auto& entry : alias.value.entries) {
        if (const auto field = reader_.text(entry.value, "aliases." + alias.key + "." + entry.key)) {
          fields[entry.key] = *field;
        }
      }
      const auto names = [&alias](const auto& list) {
        return std::find(list.begin(), list.end(), alias.key) != list.end();
      };
      if (!names(rule_.group_by) && !names(rule_.field)) {
        reader_.report("unused-alias", reader_.at(alias),
                       "the alias `" + alias.key + "` is neither grouped by nor counted",
                       "name it in `group-by`, or remove it");
      }
    }
  }

  const YamlNode& map_;
  NodeReader& reader_;
  CorrelationRule& rule_;
  const CorrelationTypeRow* type_ = nullptr;  // null: unknown, and reported
};

}  // namespace

void read_correlation(const YamlNode& root, NodeReader& reader, CorrelationRule& rule) {
  const YamlNode& map = *root.find("correlation");
  rule.at = reader.at(map);
  if (const YamlNode* generate = root.find("generate")) rule.generate = reader.flag(*generate, "generate");
  if (reader.expect_map(map, "correlation")) CorrelationReader(map, reader, rule).read();
}

}  // namespace tripline::rules
