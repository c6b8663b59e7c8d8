#include "engine/feed.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <set>

#include "engine/digest.h"
#include "engine/event.h"
#include "engine/group_key.h"
#include "engine/rule_set.h"
#include "engine/secrets.h"
#include "engine/shown_text.h"

namespace tripline::engine {

namespace {

/// Keys of all combinations of the fields' distinct values; none when a field has no value that is not empty. As they
/// are stored and shown, secrets are all one value.
std::vector<std::string> combinations(Event& event, const std::vector<FieldId>& fields, bool missing_is_a_value,
                                      std::size_t limit, bool& cut) {
  std::vector<std::string> keys = {""};
  for (const FieldId field : fields) {
    const bool secret = is_secret(event, field);
    std::set<std::string_view> distinct;
    for (const Value& value : event.values(field)) {
      const bool scalar = value.type != ValueType::kNull && value.type != ValueType::kContainer;
      if (!scalar || value.text.empty()) continue;
      distinct.insert(secret || may_hold_secret(value.text) ? kSecret : value.text);
    }
    if (distinct.empty()) {
      if (!missing_is_a_value) return {};
      distinct.insert(std::string_view{});
    }
    std::vector<std::string> longer;
    for (const std::string& key : keys) {
      for (const std::string_view value : distinct) {
        if (longer.size() == limit) {
          cut = true;
          break;
        }
        append_to_key(longer.emplace_back(key), value);
      }
    }
    keys = std::move(longer);
  }
  return keys;
}

std::vector<std::uint64_t> numbers(Event& event, const Correlation& correlation, FieldId field, bool& cut) {
  std::set<std::uint64_t> bits;
  for (const Value& value : event.values(field)) {
    const auto number = number_of(value);
    if (!number) continue;
    // A sum of which a lower bound is asked triggers at once, so that nothing may lower it.
    const bool lowers = correlation.type == CorrelationType::kValueSum && *number < 0;
    if (lowers && correlation.judgement == Judgement::kAtOnce) continue;
    if (bits.size() == kMaxValuesOfMatch) {
      cut = true;
      break;
    }
    bits.insert(std::bit_cast<std::uint64_t>(*number == 0 ? 0.0 : *number));  // -0.0 is 0
  }
  return {bits.begin(), bits.end()};
}

Feed feed_of(Event& event, const RuleSet& rules, FeedPlan plan) {
  const Correlation& correlation = rules.correlations[plan.correlation];
  const CorrelationInput& input = correlation.inputs[plan.input];
  Feed feed{.correlation = plan.correlation, .input = plan.input};
  bool lacks_value = false;
  switch (correlation.type) {
    case CorrelationType::kValueCount: {
      std::set<std::uint64_t> digests;
      for (const auto& key : combinations(event, input.counted, false, kMaxValuesOfMatch, feed.cut)) {
        digests.insert(digest_128({"counted value", key}).low);
      }
      feed.values.assign(digests.begin(), digests.end());
      lacks_value = feed.values.empty();
      break;
    }
    case CorrelationType::kValueSum:
    case CorrelationType::kValueAvg:
    case CorrelationType::kValuePercentile:
      feed.values = numbers(event, correlation, input.counted.front(), feed.cut);
      lacks_value = feed.values.empty();
      break;
    case CorrelationType::kNewValue:
      feed.texts = combinations(event, input.counted, false, kMaxValuesOfMatch, feed.cut);
      lacks_value = feed.texts.empty();
      break;
    default:
      break;
  }
  if (lacks_value) return feed;
  feed.groups = combinations(event, input.group, correlation.missing_is_a_value, kMaxGroupsOfMatch, feed.cut);
  return feed;
}

}  // namespace

std::vector<Feed> feeds_of(Event& event, const RuleSet& rules, std::uint32_t detection) {
  std::vector<Feed> feeds;
  for (const FeedPlan plan : rules.detections[detection].feeds) feeds.push_back(feed_of(event, rules, plan));
  return feeds;
}

std::vector<std::string> groups_of(Event& event, const Detection& detection) {
  bool cut = false;
  return combinations(event, detection.group, true, kMaxGroupsOfMatch, cut);
}

void link(RuleSet& rules) {
  link(rules.correlations);
  for (Detection& detection : rules.detections) detection.feeds.clear();
  // What reaches a correlation, directly or through others, is asked for at each detection it can come from.
  std::vector<std::set<std::uint32_t>> sources(rules.correlations.size());  // detections, by correlation
  for (std::uint32_t c = 0; c < rules.correlations.size(); ++c) {
    const auto& inputs = rules.correlations[c].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::set<std::uint32_t> from =
          inputs[i].is_correlation ? sources[inputs[i].index] : std::set<std::uint32_t>{inputs[i].index};
      for (const std::uint32_t d : from) rules.detections[d].feeds.push_back({c, static_cast<std::uint16_t>(i)});
      sources[c].insert(from.begin(), from.end());
    }
  }
}

}  // namespace tripline::engine
