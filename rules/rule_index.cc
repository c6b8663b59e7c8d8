#include "rules/rule_index.h"

#include "engine/text.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

void RuleIndex::add(const engine::Rule& rule, std::size_t place) {
  for (const std::string* handle : {&rule.id, &rule.name}) {
    if (handle->empty()) continue;
    if (by_handle_.emplace(engine::fold(*handle), place).second) written_.push_back(*handle);
  }
  if (rule.title.empty()) return;
  auto& places = by_title_[engine::fold(rule.title)];
  if (places.empty()) written_.push_back(rule.title);
  places.push_back(place);
}

std::optional<RuleIndex::Found> RuleIndex::find(std::string_view reference) const {
  const std::string folded = engine::fold(reference);
  if (const auto found = by_handle_.find(folded); found != by_handle_.end()) return Found{found->second, false, false};
  if (const auto found = by_title_.find(folded); found != by_title_.end()) {
    return Found{found->second.front(), true, found->second.size() > 1};
  }
  return std::nullopt;
}

std::string_view RuleIndex::slip_of(std::string_view reference) const {
  return did_you_mean(reference, std::vector<std::string_view>(written_.begin(), written_.end()));
}

}  // namespace tripline::rules
