#pragma once

#include <string_view>

namespace tripline::rules {

/// A type of correlation, and what its `condition` says.
struct CorrelationType {
  enum class Asks {
    kCount,      // a number of events or values: whole, not negative
    kNumber,     // any number
    kSteps,      // which of the rules: a boolean condition over them, or how many; all when it is left out
    kEveryStep,  // all of the rules, always
    kNovelty,    // no number
  };
  enum class Fields { kNone, kOne, kSome };

  std::string_view name;
  Asks asks;
  Fields fields;  // in `condition.field`
};

/// Source: Sigma Correlation Rules Specification 2.1.0, "Correlation Types", but for value_median (pySigma) and
/// new_value (ours).
inline constexpr CorrelationType kCorrelationTypes[] = {
    {"event_count", CorrelationType::Asks::kCount, CorrelationType::Fields::kNone},
    {"value_count", CorrelationType::Asks::kCount, CorrelationType::Fields::kSome},
    {"value_sum", CorrelationType::Asks::kNumber, CorrelationType::Fields::kOne},
    {"value_avg", CorrelationType::Asks::kNumber, CorrelationType::Fields::kOne},
    {"value_percentile", CorrelationType::Asks::kNumber, CorrelationType::Fields::kOne},
    {"value_median", CorrelationType::Asks::kNumber, CorrelationType::Fields::kOne},
    {"temporal", CorrelationType::Asks::kSteps, CorrelationType::Fields::kNone},
    {"temporal_ordered", CorrelationType::Asks::kEveryStep, CorrelationType::Fields::kNone},
    {"new_value", CorrelationType::Asks::kNovelty, CorrelationType::Fields::kSome},
};

}  // namespace tripline::rules
