#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tripline::engine {

class Event;
struct Detection;
struct RuleSet;

/// Where a detection's matches go: a correlation, and which of its rules brings them. For an input that is itself a
/// correlation, what its triggers at this event will bring.
struct FeedPlan {
  std::uint32_t correlation = 0;
  std::uint16_t input = 0;
};

/// What one match brings to one correlation.
struct Feed {
  std::uint32_t correlation = 0;
  std::uint16_t input = 0;
  std::vector<std::string> groups{};    // keys (engine/group_key.h), distinct; none: it takes no part
  std::vector<std::uint64_t> values{};  // counted: digests of value tuples, or bits of doubles; ascending, distinct
  std::vector<std::string> texts{};     // of new_value: keys of value tuples, distinct
  bool cut = false;                     // it had more groups or values than are taken
};

/// One match stands in this many groups and brings this many values at most.
inline constexpr std::size_t kMaxGroupsOfMatch = 64;
inline constexpr std::size_t kMaxValuesOfMatch = 1024;

/// The feeds of a detection that has matched the event, one a plan.
std::vector<Feed> feeds_of(Event& event, const RuleSet& rules, std::uint32_t detection);

/// Keys of the groups that a detection itself puts the event in: one for each combination of the distinct values of its
/// group's fields, at most kMaxGroupsOfMatch. A field without a value counts as empty text.
std::vector<std::string> groups_of(Event& event, const Detection& detection);

/// Sets what follows from the correlations of `rules`: Detection::feeds and what link(correlations) sets.
void link(RuleSet& rules);

}  // namespace tripline::engine
