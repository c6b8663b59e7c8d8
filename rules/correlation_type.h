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
};

/// Source: Sigma Correlation Rules Specification 2.1.0, "Correlation Types", but for value_median (pySigma) and
/// new_value (ours).
inline constexpr CorrelationTypeRow kCorrelationTypes[] = {
    {"event_count", engine::CorrelationType::kEventCount, CorrelationTypeRow::Asks::kCount,
     CorrelationTypeRow::Fields::kNone},
    {"value_count", engine::CorrelationType::kValueCount, CorrelationTypeRow::Asks::kCount,
     CorrelationTypeRow::Fields::kSome},
    {"value_sum", engine::CorrelationType::kValueSum, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne},
    {"value_avg", engine::CorrelationType::kValueAvg, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne},
    {"value_percentile", engine::CorrelationType::kValuePercentile, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne},
    {"value_median", engine::CorrelationType::kValuePercentile, CorrelationTypeRow::Asks::kNumber,
     CorrelationTypeRow::Fields::kOne},
    {"temporal", engine::CorrelationType::kTemporal, CorrelationTypeRow::Asks::kSteps,
     CorrelationTypeRow::Fields::kNone},
    {"temporal_ordered", engine::CorrelationType::kTemporalOrdered, CorrelationTypeRow::Asks::kEveryStep,
     CorrelationTypeRow::Fields::kNone},
    {"new_value", engine::CorrelationType::kNewValue, CorrelationTypeRow::Asks::kNovelty,
     CorrelationTypeRow::Fields::kSome},
};

}  // namespace tripline::rules
