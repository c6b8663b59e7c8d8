#include "rules/query.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "engine/event.h"
#include "engine/matcher.h"

using tripline::engine::Expression;
using tripline::engine::RuleSet;
using tripline::rules::compile_query;
using tripline::rules::QueryError;

/// Whatever the text: no crash; an error points into the text or right after it; what compiles can be run and
/// negated, and a query and its negation never agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RuleSet rules;
  const auto compiled = compile_query(text, rules);
  if (const auto* error = std::get_if<QueryError>(&compiled)) {
    if (error->column < 1 || static_cast<std::size_t>(error->column) > size + 1 || error->message.empty()) std::abort();
    return 0;
  }
  const auto& expression = std::get<Expression>(compiled);
  const auto negated = Expression::negate(expression);
  std::string json = R"({"eventName":"CreateUser","a":["b",1,null],"sourceIPAddress":"10.0.0.1","errorCode":"X"})";
  const auto length = json.size();
  json.append(tripline::engine::kRecordPadding, ' ');
  const tripline::engine::Record record{.json = std::string_view(json).substr(0, length)};
  tripline::engine::Event event(rules.fields);
  if (!event.read(record)) std::abort();
  if (holds(expression, rules, event) == holds(negated, rules, event)) std::abort();
  return 0;
}
