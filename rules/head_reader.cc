#include "rules/head_reader.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text.h"
#include "rules/uuid5.h"

namespace tripline::rules {
namespace {

enum class Shape { kText, kTexts, kMap, kList, kChecked };  // kChecked: by whoever reads it

struct Attribute {
  std::string_view name;
  Shape shape;
  bool counts;  // we act on it or show it, so that a slip of it is an error
};

/// Source: Sigma Rules, Correlation Rules and Filters Specifications 2.1.0; the last two rows are ours.
constexpr Attribute kAttributes[] = {
    {"title", Shape::kText, true},           {"id", Shape::kText, true},       {"name", Shape::kText, true},
    {"related", Shape::kList, false},        {"taxonomy", Shape::kText, true}, {"status", Shape::kText, true},
    {"description", Shape::kText, true},     {"license", Shape::kText, false}, {"author", Shape::kText, true},
    {"references", Shape::kTexts, true},     {"date", Shape::kText, false},    {"modified", Shape::kText, false},
    {"logsource", Shape::kMap, true},        {"fields", Shape::kTexts, true},  {"level", Shape::kText, true},
    {"falsepositives", Shape::kTexts, true}, {"tags", Shape::kTexts, true},    {"scope", Shape::kTexts, false},
    {"generate", Shape::kChecked, true},     {"tripline", Shape::kMap, true},
};

/// Keys that mean something elsewhere in a document, and nothing at its top.
struct Misplaced {
  std::string_view key;
  std::string_view belongs;
};
constexpr Misplaced kMisplaced[] = {
    {"timespan", "`correlation:`, as `timespan`"},
    {"group-by", "`correlation:`, as `group-by`"},
    {"condition", "`detection:`, `filter:` or `correlation:`"},
};

constexpr std::string_view kStatuses[] = {"stable", "test", "experimental", "deprecated", "unsupported"};
constexpr std::string_view kLogSourceKeys[] = {"category", "product", "service", "definition"};

/// A slip close enough to speak of where unknown keys are allowed: short words have many neighbours (`label`, `level`).
bool is_close_slip(std::string_view key, std::string_view attribute) {
  constexpr std::size_t kLongWord = 7;
  return std::min(key.size(), attribute.size()) >= kLongWord || edit_distance(key, attribute) <= 1;
}

std::string_view misplaced_slip(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const auto& row : kMisplaced) keys.push_back(row.key);
  const std::string_view slip = slip_of(key, keys);
  return !slip.empty() && is_close_slip(key, slip) ? slip : std::string_view{};
}

/// Keys that are no attribute but look like one that counts and is not there.
void check_unknown_keys(const YamlNode& root, NodeReader& reader) {
  std::vector<std::string_view> wanted;
  for (const auto& row : kAttributes) {
    if (row.counts && !root.find(row.name)) wanted.push_back(row.name);
  }
  for (const auto& entry : root.entries) {
    const auto is_named = [&entry](const auto& row) { return entry.key == row.name; };
    const auto is_kind = [&entry](const auto& row) { return entry.key == row.key; };
    if (std::any_of(std::begin(kAttributes), std::end(kAttributes), is_named)) continue;
    if (std::any_of(std::begin(kDocumentKinds), std::end(kDocumentKinds), is_kind)) continue;
    if (const std::string_view slip = misplaced_slip(entry.key); !slip.empty()) {
      const auto row = std::find_if(std::begin(kMisplaced), std::end(kMisplaced),
                                    [slip](const auto& candidate) { return candidate.key == slip; });
      reader.report("misplaced-attribute", reader.at(entry),
                    "`" + entry.key + "` has no effect at the top of a document",
                    "it belongs into " + std::string(row->belongs));
    } else if (const std::string_view attribute = slip_of(entry.key, wanted);
               !attribute.empty() && is_close_slip(entry.key, attribute)) {
      reader.report("misspelt-attribute", reader.at(entry), "`" + entry.key + "` is no Sigma attribute",
                    "did you mean `" + std::string(attribute) + "`?");
    }
  }
}

void check_shapes(const YamlNode& root, NodeReader& reader) {
  for (const auto& row : kAttributes) {
    const YamlNode* value = root.find(row.name);
    if (!value || value->is_null()) continue;
    switch (row.shape) {
      case Shape::kText:
        reader.text(*value, row.name);
        break;
      case Shape::kTexts:
        reader.texts(*value, row.name);
        break;
      case Shape::kMap:
        reader.expect_map(*value, row.name);
        break;
      case Shape::kChecked:
        break;
      case Shape::kList:
        if (value->kind != YamlNode::Kind::kList) {
          reader.report("wrong-type", reader.at(*value), "`" + std::string(row.name) + "` takes a list");
        }
        break;
    }
  }
}

// What follows takes values whose shape is checked and reported already.

std::vector<std::string> texts_of(const YamlNode& root, std::string_view name) {
  std::vector<std::string> texts;
  const YamlNode* value = root.find(name);
  if (!value) return texts;
  if (value->kind == YamlNode::Kind::kScalar && !value->is_null()) texts.push_back(value->text);
  for (const auto& item : value->items) {
    if (item.kind == YamlNode::Kind::kScalar && !item.is_null()) texts.push_back(item.text);
  }
  return texts;
}

void check_dates(const YamlNode& root, NodeReader& reader) {
  for (const std::string_view name : {"date", "modified"}) {
    const std::string text(root.text_at(name));
    if (!text.empty() && !is_date(text)) {
      reader.report("bad-date", reader.at(*root.find(name)), "`" + std::string(name) + ": " + text + "` is no date",
                    "write it as YYYY-MM-DD");
    }
  }
}

void read_status(const YamlNode& root, NodeReader& reader, engine::Rule& rule) {
  rule.status = engine::fold(root.text_at("status"));
  if (rule.status.empty()) return;
  if (std::find(std::begin(kStatuses), std::end(kStatuses), rule.status) != std::end(kStatuses)) return;
  const std::string_view slip = did_you_mean(rule.status, kStatuses);
  reader.report(
      "bad-status", reader.at(*root.find("status")), "`" + rule.status + "` is no status",
      slip.empty() ? "a status is " + enumerate(kStatuses, "or") : "did you mean `" + std::string(slip) + "`?");
}

void read_level(const YamlNode& root, DocumentKind kind, NodeReader& reader, engine::Rule& rule, Head& head) {
  const std::string text(root.text_at("level"));
  if (text.empty()) {
    // A correlation takes its level from the rules it refers to; a filter has none.
    if (kind == DocumentKind::kDetection) {
      reader.report("missing-level", reader.at(root), "the rule has no `level` and is taken as medium",
                    "add `level: medium`, or what fits");
    }
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& row : engine::kLevels) names.push_back(row.name);
  if (const auto level = engine::parse_level(engine::fold(text))) {
    rule.level = *level;
    head.level_given = true;
    return;
  }
  const std::string_view slip = did_you_mean(text, names);
  reader.report("bad-level", reader.at(*root.find("level")), "`" + text + "` is no level",
                slip.empty() ? "a level is " + enumerate(names, "or") : "did you mean `" + std::string(slip) + "`?");
}

void read_log_source(const YamlNode& root, DocumentKind kind, NodeReader& reader, engine::Rule& rule, Head& head) {
  const YamlNode* source = root.find("logsource");
  if (!source || source->kind != YamlNode::Kind::kMap) {
    if (kind != DocumentKind::kCorrelation && (!source || source->is_null())) {
      reader.report("missing-attribute", reader.at(root), "the document has no `logsource`",
                    "for CloudTrail write `logsource: {product: aws, service: cloudtrail}`");
    }
    return;
  }
  head.log_source_at = reader.at(*source);
  const struct {
    std::string_view key;
    std::string& into;
  } parts[] = {{"category", rule.log_source.category},
               {"product", rule.log_source.product},
               {"service", rule.log_source.service}};
  for (const auto& part : parts) {
    if (const YamlNode* value = source->find(part.key)) {
      part.into = reader.text(*value, "logsource." + std::string(part.key)).value_or("");
    }
  }
  for (const auto& entry : source->entries) {
    if (std::find(std::begin(kLogSourceKeys), std::end(kLogSourceKeys), entry.key) != std::end(kLogSourceKeys))
      continue;
    if (const std::string_view slip = slip_of(entry.key, kLogSourceKeys); !slip.empty()) {
      reader.report("misspelt-attribute", reader.at(entry), "`logsource` has no `" + entry.key + "`",
                    "did you mean `" + std::string(slip) + "`?");
    }
  }
  if (rule.log_source == engine::LogSource{}) {
    reader.report("missing-attribute", reader.at(*source), "`logsource` names neither product, service nor category",
                  "for CloudTrail write `logsource: {product: aws, service: cloudtrail}`");
  }
}

void read_id(const YamlNode& root, NodeReader& reader, engine::Rule& rule, Head& head) {
  rule.name = root.text_at("name");
  rule.id = root.text_at("id");
  head.id_at = reader.at(rule.id.empty() ? root : *root.find("id"));
  head.name_at = reader.at(rule.name.empty() ? root : *root.find("name"));
  if (!rule.id.empty() && !is_uuid(rule.id)) {
    reader.report("bad-id", reader.at(*root.find("id")), "the id `" + rule.id + "` is no UUID",
                  "`uuidgen` makes one; a readable handle goes into `name`");
  }
  if (rule.id.empty()) rule.id = rule.name;
  if (rule.id.empty()) {
    const auto& source = rule.log_source;
    rule.id = uuid5(rule.title + '\n' + source.category + '\n' + source.product + '\n' + source.service);
  }
}

}  // namespace

void read_head(const YamlNode& root, DocumentKind kind, NodeReader& reader, engine::Rule& rule, Head& head) {
  rule.path = reader.path();
  rule.line = root.line;
  rule.title = root.text_at("title");
  reader.set_title(rule.title);
  if (rule.title.empty()) {
    reader.report("missing-attribute", reader.at(root), "the document has no `title`", "add a line `title: ...`");
  }
  check_unknown_keys(root, reader);
  check_shapes(root, reader);
  check_dates(root, reader);
  rule.description = root.text_at("description");
  rule.author = root.text_at("author");
  rule.references = texts_of(root, "references");
  rule.false_positives = texts_of(root, "falsepositives");
  rule.tags = texts_of(root, "tags");
  rule.fields = texts_of(root, "fields");
  if (!rule.fields.empty()) head.fields_at = reader.at(*root.find("fields"));
  head.taxonomy = root.text_at("taxonomy");
  if (engine::equals_folded(head.taxonomy, "sigma")) head.taxonomy.clear();
  if (!head.taxonomy.empty()) head.taxonomy_at = reader.at(*root.find("taxonomy"));
  read_status(root, reader, rule);
  read_level(root, kind, reader, rule, head);
  read_log_source(root, kind, reader, rule, head);
  read_id(root, reader, rule, head);
}

bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separator = i == 4 || i == 7;
    if (separator ? (text[i] != '-' && text[i] != '/') || text[i] != text[4]
                  : !std::isdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  const int day = (text[8] - '0') * 10 + (text[9] - '0');
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  if (!is_date(text)) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t count) {
    unsigned value = 0;
    for (const char digit : text.substr(from, count)) value = value * 10 + static_cast<unsigned>(digit - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number(0, 4))},
                                        std::chrono::month{number(5, 2)}, std::chrono::day{number(8, 2)}};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

}  // namespace tripline::rules
