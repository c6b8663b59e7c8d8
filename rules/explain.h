#pragma once

#include <string>
#include <vector>

#include "engine/event.h"
#include "engine/expression.h"
#include "engine/rule_set.h"

namespace tripline::rules {

/// Why an expression does or does not hold on one event: the same tree, with the answer at each part. Every part is
/// evaluated, also those that the answer does not depend on. It owns its text.
struct Explanation {
  /// What a field was found to be. Secrets are left out (engine/secrets.h), long values are cut.
  struct Found {
    std::string field;
    std::vector<std::string> values;  // for people: `'text'`, `12`, `null`; none: the field is missing
  };

  bool holds = false;
  engine::Expression::Kind kind = engine::Expression::Kind::kTrue;
  std::string search;  // the search identifier that this part comes from, or empty
  int line = 0;        // in the rule's file, from 1; 0: unknown
  std::string says;    // of a predicate: describe(); else `all of`, `any of`, `not`, `always`, `never`
  std::vector<Found> found;
  std::vector<Explanation> parts;
};

/// `expression` belongs to `rules`, and `event` reads `rules.fields`.
Explanation explain(const engine::Expression& expression, const engine::RuleSet& rules, engine::Event& event);

/// The tree as lines, two blanks deeper a level, `✓` before what holds and `✗` before what does not; values are shown
/// below predicates on fields. Text from the record is in it as it is: who prints it makes it printable.
std::vector<std::string> explain_lines(const Explanation& explanation);

}  // namespace tripline::rules
