#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripline::tests {

/// A JSON Schema 2020-12, of which this knows type, const, enum, required, properties, additionalProperties, items,
/// minItems, maxItems, uniqueItems, maxProperties, minLength, minimum, pattern, $ref to "#/$defs/...", and the words
/// that ask nothing. A schema with another word is refused, so that none is passed over.
/// Debian has no C++ package of a validator of this draft.
class JsonSchema {
 public:
  explicit JsonSchema(std::string text);

  /// What about the schema itself is not known here; empty: nothing.
  std::vector<std::string> unknown_words() const;

  /// What is wrong with a JSON text, each as `/path: what`; empty: it is valid.
  std::vector<std::string> faults_of(std::string_view json) const;

 private:
  std::string text_;
};

}  // namespace tripline::tests
