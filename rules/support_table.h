#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/correlation_type.h"

namespace tripline::rules {

/// Something that a rule may say, with an example that a test compiles.
struct SupportedForm {
  std::string_view form;     // for people
  std::string_view example;  // of a condition: its text; of a value: `key: value` as YAML
  std::string_view meaning;
};

/// Something that we refuse, with an example that a test compiles and its diagnostic's code.
struct RefusedForm {
  std::string_view form;
  std::string_view example;  // a condition's text, or `key: value` as YAML
  std::string_view code;
  std::string_view instead;
};

std::span<const SupportedForm> value_forms();
std::span<const SupportedForm> chain_forms();
/// Over the searches `selection`, `selection_a`, `filter_a`, `filter_b` and `_hidden`.
std::span<const SupportedForm> condition_forms();
/// Lines of `correlation:`.
std::span<const SupportedForm> correlation_forms();
std::span<const RefusedForm> refused_values();
std::span<const RefusedForm> refused_conditions();
std::span<const RefusedForm> refused_correlations();

/// Lines of `correlation:` for a type, with its example of a condition.
std::string correlation_example(const CorrelationTypeRow& type);

/// docs/sigma-support.md up to its list of public rules that do not compile: modifiers, values, conditions,
/// correlations and what is refused, all from the tables that the compiler reads and from those above.
std::string support_table();

}  // namespace tripline::rules
