#include "engine/state.h"

#include <algorithm>
#include <set>

#include <boost/unordered/unordered_flat_set.hpp>

namespace tripline::engine {

namespace {

/// The same delivered record, not merely the same event.
bool same_record(const Match& a, const Match& b) { return a.delivery == b.delivery && a.index == b.index; }

}  // namespace

State::State(Store& store, std::shared_ptr<const RuleSet> rules, StateOptions options)
    : store_(store), rules_(std::move(rules)), changes_(store) {
  if (rules_ && !rules_->correlations.empty()) correlator_.emplace(rules_, options.limits, std::move(options.owns));
}

Result<void> State::apply(std::vector<Match> matches, EventTime watermark) {
  boost::unordered_flat_set<EventKey, EventKeyHash> in_this_commit;
  std::vector<Trigger> triggers;
  for (auto begin = matches.begin(); begin != matches.end();) {
    // One record's matches stand side by side; they are new or duplicates together.
    const auto end = std::find_if(begin, matches.end(), [&](const Match& m) { return !same_record(m, *begin); });
    if (store_.seen(begin->key) || !in_this_commit.insert(begin->key).second) {
      duplicates_ += static_cast<std::uint64_t>(end - begin);
    } else {
      for (auto match = begin; match != end; ++match) changes_.add(*match);
      correlate(begin, end, triggers);
    }
    begin = end;
  }
  watermark_ = std::max(watermark_, watermark);
  if (correlator_) {
    correlator_->advance(watermark_, triggers);
    for (const Trigger& trigger : triggers) changes_.add(trigger, rules_, *correlator_);
  }
  changes_.close_until(watermark_);
  Commit commit;
  commit.keys.assign(in_this_commit.begin(), in_this_commit.end());
  commit.watermark = watermark_;
  if (const auto taken = changes_.take(commit); !taken) return taken.error();
  return store_.commit(std::move(commit));
}

void State::correlate(MatchIterator begin, MatchIterator end, std::vector<Trigger>& triggers) {
  if (!correlator_ || std::all_of(begin, end, [](const Match& m) { return m.feeds.empty(); })) return;
  if (!begin->time) return;
  if (*begin->time < watermark_) {
    ++late_;
    return;
  }
  if (begin->delivered && *begin->time > *begin->delivered + kFuture) {
    ++future_;
    return;
  }
  auto facts = std::make_shared<EventFacts>();
  facts->time = *begin->time;
  facts->id = begin->key.low;
  std::set<std::pair<std::uint32_t, std::uint16_t>> fed;
  for (auto match = begin; match != end; ++match) {
    if (match->feeds.empty()) continue;
    if (!facts->evidence) facts->evidence = match->evidence;
    for (Feed& feed : match->feeds) {
      if (fed.emplace(feed.correlation, feed.input).second) facts->feeds.push_back(std::move(feed));
    }
  }
  correlator_->add(std::move(facts), triggers);
}

}  // namespace tripline::engine
