#include "engine/without_secrets.h"

#include <string_view>

#include "engine/json_text.h"
#include "engine/secrets.h"

namespace tripline::engine {

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kSecret = "(secret)";

void write(dom::element element, JsonText& json) {
  if (element.is_object()) {
    json.begin_object();
    const dom::object object = element.get_object().value_unsafe();
    for (const auto [key, value] : object) {
      json.key(key);
      is_secret(key) && !value.is_null() ? void(json.string(kSecret)) : write(value, json);
    }
    json.end_object();
  } else if (element.is_array()) {
    json.begin_array();
    const dom::array array = element.get_array().value_unsafe();
    for (const dom::element item : array) write(item, json);
    json.end_array();
  } else if (element.is_string()) {
    const std::string_view text = element.get_string().value_unsafe();
    const bool hides = text.find_first_of("{%") != std::string_view::npos && holds_secret(text);
    json.string(hides ? kSecret : text);
  } else {
    json.raw(simdjson::minify(element));
  }
}

}  // namespace

std::string without_secrets(dom::element record) {
  JsonText json;
  write(record, json);
  return json.take();
}

}  // namespace tripline::engine
