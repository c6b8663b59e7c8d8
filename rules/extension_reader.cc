#include "rules/extension_reader.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/head_reader.h"
#include "rules/timespan.h"
#include "rules/title_template.h"

namespace tripline::rules {
namespace {

enum class Takes { kFields, kSpan, kSpanOrZero, kText, kTitle, kDate, kWord };

struct Setting {
  std::string_view name;
  Takes takes;
  std::string_view words;  // of kWord: what it can be, separated by spaces
  bool detection;
  bool filter;
  bool correlation;
};

constexpr Setting kSettings[] = {
    // name            takes               words         detection filter correlation
    {"group", Takes::kFields, "", true, false, false},
    {"period", Takes::kSpan, "", true, false, true},
    {"title", Takes::kTitle, "", true, false, true},
    {"response", Takes::kText, "", true, false, true},
    {"mode", Takes::kWord, "dry_run", true, false, true},
    {"missing", Takes::kWord, "group", true, false, true},
    {"learning", Takes::kSpanOrZero, "", false, false, true},
    {"learning_scope", Takes::kWord, "rule group", false, false, true},
    {"expires", Takes::kDate, "", false, true, false},
    {"reason", Takes::kText, "", false, true, false},
};

bool allowed(const Setting& setting, DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kDetection:
      return setting.detection;
    case DocumentKind::kFilter:
      return setting.filter;
    case DocumentKind::kCorrelation:
      return setting.correlation;
  }
  return false;
}

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = list.find(' ');
    words.push_back(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
  return words;
}

bool is_span(const Setting& setting) { return setting.takes == Takes::kSpan || setting.takes == Takes::kSpanOrZero; }

std::int64_t span_of(const Setting& setting, const YamlNode& value, const std::string& name, NodeReader& reader) {
  if (setting.takes == Takes::kSpanOrZero && value.text == "0") return 0;
  return read_timespan(value, name, reader);
}

/// Reports a value that the setting, which is no span, cannot take.
void check(const Setting& setting, const YamlNode& value, const std::string& name, NodeReader& reader) {
  const std::string said = "`" + name + ": " + value.text + "`";
  switch (setting.takes) {
    case Takes::kDate:
      if (!parse_date(value.text)) {
        reader.report("bad-extension", reader.at(value), said + " is no date", "write it as YYYY-MM-DD");
      }
      return;
    case Takes::kWord:
      for (const std::string_view word : words_of(setting.words)) {
        if (value.text == word) return;
      }
      reader.report("bad-extension", reader.at(value), said + " is not known",
                    "it can be " + enumerate(words_of(setting.words), "or"));
      return;
    case Takes::kText:
    case Takes::kTitle:
    case Takes::kFields:
    case Takes::kSpan:
    case Takes::kSpanOrZero:
      return;
  }
}

void take_title(std::string_view text, const YamlNode& value, Extension& extension, NodeReader& reader) {
  auto title = read_title(text);
  extension.title_at = reader.at(value);
  if (const auto* bad = std::get_if<BadTitle>(&title)) {
    reader.report("bad-title", extension.title_at, bad->message, bad->hint);
  } else {
    extension.title = std::move(std::get<engine::Title>(title));
  }
}

}  // namespace

Extension read_extension(const YamlNode& root, DocumentKind kind, NodeReader& reader) {
  Extension extension;
  const YamlNode* map = root.find("tripline");
  if (!map || map->kind != YamlNode::Kind::kMap) return extension;
  std::vector<std::string_view> names;
  for (const Setting& setting : kSettings) {
    if (allowed(setting, kind)) names.push_back(setting.name);
  }
  reader.refuse_unknown_keys(*map, names, "tripline");
  for (const Setting& setting : kSettings) {
    const YamlNode* value = allowed(setting, kind) ? map->find(setting.name) : nullptr;
    if (!value || value->is_null()) continue;
    const std::string name = "tripline." + std::string(setting.name);
    if (setting.takes == Takes::kFields) {
      extension.group = reader.strings(*value, name);
      extension.group_at = reader.at(*value);
    } else if (const auto text = reader.text(*value, name)) {
      check(setting, *value, name, reader);
      if (setting.takes == Takes::kTitle) take_title(*text, *value, extension, reader);
      if (is_span(setting)) {
        extension.spans[std::string(setting.name)] = span_of(setting, *value, name, reader);
      }
      extension.settings[std::string(setting.name)] = *text;
    }
  }
  constexpr std::int64_t kLateness = 30 * 60;  // by which deliveries may be late, unless configured otherwise
  const auto learning = extension.spans.find("learning");
  if (learning != extension.spans.end() && learning->second != 0 && learning->second < kLateness) {
    reader.report("bad-extension", reader.at(*map->find("learning")),
                  "`tripline.learning` is shorter than the 30 minutes by which events may be late",
                  "write 0 or a longer span, such as 7d");
  }
  if (extension.settings.contains("expires") && !extension.settings.contains("reason")) {
    reader.report("bad-extension", reader.at(*map), "`tripline.expires` has no `reason`",
                  "say under `reason:` why the filter exists");
  }
  return extension;
}

}  // namespace tripline::rules
