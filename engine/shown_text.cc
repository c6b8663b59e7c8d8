#include "engine/shown_text.h"

#include "engine/secrets.h"

namespace tripline::engine {

bool is_secret(const Event& event, FieldId field) {
  const std::string_view path = event.fields()[field].path;
  return is_secret(path) || (is_setting(path) && holds_secret(event.record().json));
}

std::string shown_text(Event& event, FieldId field) {
  const bool secret = is_secret(event, field);
  std::string joined;
  auto values = event.values(field);
  const bool has_scalars = values.size() > 1;
  for (Value& value : values) {
    if (value.type == ValueType::kNull || (value.type == ValueType::kContainer && has_scalars)) continue;
    if (!joined.empty()) joined += ", ";
    const std::string_view text = event.text(value);
    if (secret || may_hold_secret(text)) return std::string(kSecret);
    joined += text;
  }
  return joined;
}

}  // namespace tripline::engine
