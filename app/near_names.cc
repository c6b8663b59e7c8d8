#include "app/near_names.h"

#include <array>

#include "engine/text.h"
#include "rules/diagnostic.h"

namespace tripline::app {

NearNames::NearNames(std::string_view wanted) : wanted_(engine::fold(wanted)) {}

bool NearNames::is_new(std::string_view name) {
  constexpr std::size_t kMost = 65536, kShortest = 3;  // of one or two letters most names are made
  if (wanted_.empty() || name.empty() || seen_.contains(name)) return false;
  if (seen_.size() == kMost) seen_.clear();
  seen_.emplace(name);
  if (wanted_.size() >= kShortest && engine::fold(name).find(wanted_) != std::string::npos) return true;
  const std::array<std::string_view, 1> candidates{name};
  return !rules::did_you_mean(wanted_, candidates).empty();
}

}  // namespace tripline::app
