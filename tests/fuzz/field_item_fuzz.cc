#include "rules/field_item.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "engine/event.h"
#include "engine/matcher.h"

using namespace tripline;

namespace {

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// `#5` is a number, `!true` a boolean, `~` null, all else text.
rules::Scalar scalar(std::string_view line) {
  using Kind = rules::Scalar::Kind;
  if (line == "~") return {.kind = Kind::kNull, .text = "null", .at = {}};
  if (line == "!true" || line == "!false") return {.kind = Kind::kBool, .text = std::string(line.substr(1)), .at = {}};
  const auto digits = line.substr(line.empty() ? 0 : 1);
  const bool number = line.starts_with('#') && !digits.empty() && digits.size() < 5 && digits[0] != '0' &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (number) return {.kind = Kind::kNumber, .text = std::string(digits), .at = {}};
  return {.kind = Kind::kString, .text = std::string(line), .at = {}};
}

}  // namespace

/// The input's lines: `field|modifier|...`, then values. Whatever they are: no crash; an item compiles or has an error,
/// and what compiles can be described and evaluated.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  rules::FieldItem item;
  item.at.line = 1;
  std::string_view key = next_line(text);
  for (bool first = true; first || !key.empty(); first = false) {
    const std::size_t bar = key.find('|');
    if (first) {
      item.field = key.substr(0, bar);
    } else {
      item.modifiers.emplace_back(key.substr(0, bar));
    }
    key.remove_prefix(bar == std::string_view::npos ? key.size() : bar + 1);
  }
  while (!text.empty()) item.values.push_back(scalar(next_line(text)));

  static const rules::Lists kLists = {{"a", {"x", "y*"}}, {"b", {"10.0.0.0/8"}}};
  static const std::map<std::string, std::string> kFieldMap = {{"User", "f"}};
  engine::RuleSet into;
  rules::Diagnostics diagnostics;
  rules::ItemContext context{
      .title = item.field, .lists = kLists, .field_map = kFieldMap, .into = into, .diagnostics = diagnostics};
  const auto expression = rules::compile_item(item, context);
  if (expression.has_value() == (diagnostics.errors() > 0)) std::abort();
  if (!expression) return 0;
  for (engine::PredicateId id = 0; id < into.predicates.size(); ++id) describe(into.predicates[id], into.fields);
  std::string json = R"({"f":["-x /y",5,null,"10.1.2.3","2026-01-15T10:11:12Z"],"g":{"h":"Zm9v"}})";
  const std::size_t length = json.size();
  json.append(engine::kRecordPadding, ' ');
  const engine::Record record{.json = std::string_view(json).substr(0, length)};
  engine::Event event(into.fields);
  if (!event.read(record)) std::abort();
  engine::holds(*expression, into, event);
  return 0;
}
