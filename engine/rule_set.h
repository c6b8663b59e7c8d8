#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/expression.h"
#include "engine/field.h"
#include "engine/needs.h"
#include "engine/predicate.h"
#include "engine/rule.h"

namespace tripline::engine {

/// A compiled rule that is judged event by event.
struct Detection {
  Rule rule;
  Expression condition;                    // with the filters that apply ANDed to it
  std::uint8_t categories = kAnyCategory;  // CloudTrail categories that it wants
  bool opens_signals = true;               // false: informational, or only a base of correlations
  std::vector<FieldId> shown;              // rule.fields
};

/// All compiled rules of one log source with what they share. Immutable; workers and Matches hold it by shared_ptr.
struct RuleSet {
  FieldTable fields;
  PredicateTable predicates;
  std::vector<Detection> detections;

  explicit RuleSet(bool of_cloudtrail = true) : fields(of_cloudtrail), cloudtrail(of_cloudtrail) {}
  bool cloudtrail;  // records are CloudTrail's: derived fields and categories have their meaning
};

/// Whether some detection reads, or shows, a field that is made of the mints of other records.
bool needs_lineage(const RuleSet& rules);

/// What must be in a record for the detection to match: the literals of the conjunct that is likely rarest.
Needs needs_of(const Detection& detection, const RuleSet& rules);

/// Those of all detections, in their order.
std::vector<Needs> needs_of(const RuleSet& rules);

}  // namespace tripline::engine
