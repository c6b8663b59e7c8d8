#include "alerts/origin_of.h"

namespace tripline::alerts {

std::string_view origin_of(const engine::Signal& signal) {
  if (signal.evidence.empty()) return {};
  const engine::Evidence& first = *signal.evidence.front();
  return first.origin_principal.empty() ? first.actor_principal : first.origin_principal;
}

}  // namespace tripline::alerts
