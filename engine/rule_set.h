#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/correlation.h"
#include "engine/expression.h"
#include "engine/feed.h"
#include "engine/field.h"
#include "engine/needs.h"
#include "engine/predicate.h"
#include "engine/rule.h"
#include "engine/title.h"

namespace tripline::engine {

/// A filter, as one detection has it.
struct AppliedFilter {
  std::uint32_t filter = 0;  // into RuleSet::filters
  Expression condition;      // a match stays while it holds
};

/// A compiled rule that is judged event by event.
struct Detection {
  Rule rule;
  Expression condition;                    // with the filters that apply ANDed to it
  std::uint8_t categories = kAnyCategory;  // CloudTrail categories that it wants
  bool opens_signals = true;               // false: informational, or silenced
  bool silenced = false;                   // a correlation that is built on it speaks in its place
  std::vector<FieldId> shown;              // rule.fields
  Title title{};                           // of its signals' summary
  std::vector<FieldId> group{};            // of its signals; empty: (recipientAccountId, actor.principal)
  std::chrono::seconds period{3600};       // of its signals, aligned to the epoch
  std::vector<FeedPlan> feeds{};           // correlations that it is a rule of, directly or through others; link()
  // `condition` in its parts, so that what filters take away can be counted. Without filters both are empty.
  Expression unfiltered{};
  std::vector<AppliedFilter> filters{};

  /// ANDs a filter to the condition.
  void add_filter(AppliedFilter filter);
};

/// All compiled rules of one log source with what they share. Immutable; workers and Matches hold it by shared_ptr.
struct RuleSet {
  FieldTable fields;
  PredicateTable predicates;
  std::vector<Detection> detections;
  std::vector<Correlation> correlations;  // inner ones before those that they feed; link() after adding some
  std::vector<Rule> filters;              // that apply to some detection

  explicit RuleSet(bool of_cloudtrail = true) : fields(of_cloudtrail), cloudtrail(of_cloudtrail) {}
  bool cloudtrail;  // records are CloudTrail's: derived fields and categories have their meaning
};

/// All fields that are read of an event for the detection: by its condition, for its signals' groups and evidence, and
/// for the correlations that it feeds. Ascending.
std::vector<FieldId> fields_read_by(const Detection& detection, const RuleSet& rules);

/// Whether the detection, or some one, reads a field that is made of the mints of other records.
bool needs_lineage(const Detection& detection, const RuleSet& rules);
bool needs_lineage(const RuleSet& rules);
bool needs_lineage(const Predicate& predicate, const FieldTable& fields);

/// Whether fields that are made of the mints of other records (Derived::needs_lineage) can be read of an event.
enum class Origins : std::uint8_t {
  kKnown,  // as well as they ever will
  kLater,  // not yet: the State tells
};

/// What must be in a record for the detection to match: the literals of the conjunct that is likely rarest.
Needs needs_of(const Detection& detection, const RuleSet& rules, Origins origins = Origins::kKnown);

/// Those of all detections, in their order.
std::vector<Needs> needs_of(const RuleSet& rules, Origins origins = Origins::kKnown);

}  // namespace tripline::engine
