#include "engine/rule_set.h"

#include <utility>

namespace tripline::engine {

void Detection::add_filter(AppliedFilter filter) {
  if (filters.empty()) unfiltered = condition;
  condition = Expression::all({std::move(condition), filter.condition});
  filters.push_back(std::move(filter));
}

}  // namespace tripline::engine
