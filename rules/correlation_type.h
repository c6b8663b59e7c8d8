#pragma once

#include <string_view>

#include "engine/correlation.h"

namespace tripline::rules {

/// A type of correlation, and what its `condition` says.
struct CorrelationTypeRow {
  enum class Asks {
    kCount,      // a number of events or values: whole, not negative
    kNumber,     // any number
    kSteps,      // which of the rules: a boolean condition over them, or how many; all when it is left out
    kEveryStep,  // all of the rules, always
    kNovelty,    // no number
  };
  enum class Fields { kNone, kOne, kSome };

  std::string_view name;
  engine::CorrelationType type;
  Asks asks;
  Fields fields;  // in `condition.field`
  std::string_view compares;
  std::string_view condition;  // an example
};

/// Source: Sigma Correlation Rules Specification 2.1.0, "Correlation Types", but for value_median (pySigma) and
/// new_value (ours). docs/sigma-support.md is written from it.
inline constexpr CorrelationTypeRow kCorrelationTypes[] = {
    {"event_count", engine::CorrelationType::kEventCount, CorrelationTypeRow::Asks::kCount,
     CorrelationTypeRow::Fields::kNone, "the number of events", "{gte: 10}"},
    {"value_count", engine::CorrelationType::kValueCount, CorrelationTypeRow::Asks::kCount,
     CorrelationTypeRow::Fields::kSome, "the number of distinct values of a field, or tuples of several",
     "{field: awsRegion, gte: 5}"},
    {"value_sum", engine::CorrelationType::kValueSum, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne, "the sum of a field", "{field: bytes, gt: 1000000}"},
    {"value_avg", engine::CorrelationType::kValueAvg, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne, "its average", "{field: bytes, gt: 500}"},
    {"value_percentile", engine::CorrelationType::kValuePercentile, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne, "a percentile of it, between two values in proportion",
     "{field: bytes, percentile: 95, gt: 500}"},
    {"value_median", engine::CorrelationType::kValuePercentile, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne, "its percentile 50; not in the specification, but in pySigma",
     "{field: bytes, gt: 500}"},
    {"temporal", engine::CorrelationType::kTemporal, CorrelationTypeRow::Asks::kSteps,
     CorrelationTypeRow::Fields::kNone,
     "the number of different rules, all unless it says otherwise; or a boolean condition over them, as in pySigma",
     "a and not b"},
    {"temporal_ordered", engine::CorrelationType::kTemporalOrdered, CorrelationTypeRow::Asks::kEveryStep,
     CorrelationTypeRow::Fields::kNone, "whether all rules matched in their order, each an event of its own",
     "{gte: 2}"},
    {"new_value", engine::CorrelationType::kNewValue, CorrelationTypeRow::Asks::kNovelty,
     CorrelationTypeRow::Fields::kSome, "whether a value is new; of Tripline", "{field: awsRegion}"},
};

}  // namespace tripline::rules
