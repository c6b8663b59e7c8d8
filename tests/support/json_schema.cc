#include "tests/support/json_schema.h"

#include <algorithm>
#include <set>

#include <re2/re2.h>
#include <simdjson.h>

namespace tripline::tests {
namespace {

namespace dom = simdjson::dom;
using Type = dom::element_type;

constexpr std::string_view kWords[] = {
    "$schema",
    "$defs",
    "$ref",
    "title",
    "description",
    "type",
    "const",
    "enum",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "maxProperties",
    "minLength",
    "minimum",
    "pattern",
};

bool has_type(dom::element value, std::string_view type) {
  switch (value.type()) {
    case Type::OBJECT:
      return type == "object";
    case Type::ARRAY:
      return type == "array";
    case Type::STRING:
      return type == "string";
    case Type::BOOL:
      return type == "boolean";
    case Type::NULL_VALUE:
      return type == "null";
    case Type::DOUBLE:
      return type == "number";
    default:
      return type == "integer" || type == "number";
  }
}

class Check {
 public:
  Check(dom::element root, std::vector<std::string>& faults) : root_(root), faults_(faults) {}

  void value(dom::element value, dom::element schema, const std::string& path) {
    if (schema.is_bool()) {
      if (!bool(schema.get_bool())) fault(path, "may not be there");
      return;
    }
    dom::element word;
    if (schema["$ref"].get(word) == simdjson::SUCCESS) {
      const std::string_view name = word.get_string().value();
      constexpr std::string_view kDefinitions = "#/$defs/";
      return this->value(value, root_["$defs"][name.substr(kDefinitions.size())].value(), path);
    }
    if (schema["type"].get(word) == simdjson::SUCCESS && !has_type(value, word.get_string().value())) {
      return fault(path, "is no " + std::string(word.get_string().value()));
    }
    if (schema["const"].get(word) == simdjson::SUCCESS && simdjson::minify(word) != simdjson::minify(value)) {
      fault(path, "is not " + simdjson::minify(word));
    }
    if (schema["enum"].get(word) == simdjson::SUCCESS) {
      const dom::array values = word.get_array().value();
      const bool found = std::any_of(values.begin(), values.end(), [&](dom::element one) {
        return simdjson::minify(one) == simdjson::minify(value);
      });
      if (!found) fault(path, "is none of " + simdjson::minify(word));
    }
    if (value.is_object()) object(value.get_object().value(), schema, path);
    if (value.is_array()) array(value.get_array().value(), schema, path);
    if (value.is_string()) string(value.get_string().value(), schema, path);
    if (schema["minimum"].get(word) == simdjson::SUCCESS && value.is_number() &&
        double(value.get_double()) < double(word.get_double())) {
      fault(path, "is below " + simdjson::minify(word));
    }
  }

 private:
  void fault(const std::string& path, const std::string& what) {
    faults_.push_back((path.empty() ? "/" : path) + ": " + what);
  }

  void object(dom::object object, dom::element schema, const std::string& path) {
    dom::array required;
    if (schema["required"].get(required) == simdjson::SUCCESS) {
      for (const dom::element name : required) {
        if (object.at_key(name.get_string().value()).error() != simdjson::SUCCESS) {
          fault(path, "has no " + std::string(name.get_string().value()));
        }
      }
    }
    std::uint64_t most = 0;
    if (schema["maxProperties"].get(most) == simdjson::SUCCESS && object.size() > most)
      fault(path, "has too many members");
    for (const auto [key, member] : object) {
      dom::element known;
      const std::string at = path + "/" + std::string(key);
      dom::object properties;
      if (schema["properties"].get(properties) == simdjson::SUCCESS &&
          properties.at_key(key).get(known) == simdjson::SUCCESS) {
        value(member, known, at);
      } else if (schema["additionalProperties"].get(known) == simdjson::SUCCESS) {
        value(member, known, at);
      }
    }
  }

  void array(dom::array array, dom::element schema, const std::string& path) {
    std::uint64_t bound = 0;
    if (schema["maxItems"].get(bound) == simdjson::SUCCESS && array.size() > bound) fault(path, "has too many items");
    if (schema["minItems"].get(bound) == simdjson::SUCCESS && array.size() < bound) fault(path, "has too few items");
    bool unique = false;
    std::set<std::string> seen;
    std::size_t index = 0;
    if (schema["uniqueItems"].get(unique) != simdjson::SUCCESS) unique = false;
    dom::element items;
    const bool has_items = schema["items"].get(items) == simdjson::SUCCESS;
    for (const dom::element item : array) {
      if (unique && !seen.insert(simdjson::minify(item)).second) fault(path, "has an item twice");
      if (has_items) value(item, items, path + "/" + std::to_string(index));
      ++index;
    }
  }

  void string(std::string_view text, dom::element schema, const std::string& path) {
    std::uint64_t least = 0;
    if (schema["minLength"].get(least) == simdjson::SUCCESS && text.size() < least) fault(path, "is too short");
    std::string_view pattern;
    if (schema["pattern"].get(pattern) == simdjson::SUCCESS &&
        !RE2::PartialMatch({text.data(), text.size()}, std::string(pattern))) {
      fault(path, "is not of the pattern " + std::string(pattern));
    }
  }

  dom::element root_;
  std::vector<std::string>& faults_;
};

void find_unknown(dom::element schema, std::vector<std::string>& unknown) {
  dom::object object;
  if (schema.get(object) != simdjson::SUCCESS) return;
  for (const auto [word, value] : object) {
    if (std::find(std::begin(kWords), std::end(kWords), word) == std::end(kWords)) unknown.emplace_back(word);
    if (word == "items" || word == "additionalProperties") find_unknown(value, unknown);
    if (word != "properties" && word != "$defs") continue;
    const dom::object named = value.get_object().value();
    for (const auto [_, one] : named) find_unknown(one, unknown);
  }
}

}  // namespace

JsonSchema::JsonSchema(std::string text) : text_(std::move(text)) {}

std::vector<std::string> JsonSchema::unknown_words() const {
  dom::parser parser;
  dom::element schema;
  if (parser.parse(text_).get(schema) != simdjson::SUCCESS) return {"it is no JSON"};
  std::vector<std::string> unknown;
  find_unknown(schema, unknown);
  return unknown;
}

std::vector<std::string> JsonSchema::faults_of(std::string_view json) const {
  dom::parser schema_parser, parser;
  dom::element schema, value;
  if (schema_parser.parse(text_).get(schema) != simdjson::SUCCESS) return {"the schema is no JSON"};
  if (parser.parse(json.data(), json.size()).get(value) != simdjson::SUCCESS) return {"/: is no JSON"};
  std::vector<std::string> faults;
  Check(schema, faults).value(value, schema, "");
  return faults;
}

}  // namespace tripline::tests
