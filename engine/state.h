#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/batch.h"
#include "engine/correlator.h"
#include "engine/facts_archive.h"
#include "engine/matcher.h"
#include "engine/origin_state.h"
#include "engine/processor.h"
#include "engine/recent_records.h"
#include "engine/rule_counts.h"
#include "engine/signal_changes.h"
#include "engine/store.h"

namespace tripline::engine {

class Accounts;

struct StateOptions {
  bool learns = false;  // fills windows and baselines, and opens no signals
  /// Remembers who minted which credentials, so that it tells the origins that workers leave to it (Origins::kLater).
  bool origins = false;
  OriginState::Limits origin_limits{};
  const Accounts* accounts = nullptr;  // for rules that waited for an origin; borrowed
  /// Hears of matches that the State itself has found: of rules that waited for an origin. May be empty.
  std::function<void(const Match&)> on_match{};
  Correlator::Limits limits{};
  Correlator::Owns owns{};
  std::size_t facts_in_memory = 4096;  // of so many events; others are looked up in the store, or in a file
};

/// The state thread's part: Matches in, duplicates out, the rest through correlations and folded into Signals, one
/// Store commit a call.
/// Threads: one. Borrows the store, which outlives it.
class State {
 public:
  /// An event dated further after its delivery than this is kept out of correlations.
  static constexpr std::chrono::minutes kFuture{5};

  /// `rules`: whose correlations are evaluated; null: none are.
  State(Store& store, std::shared_ptr<const RuleSet> rules, StateOptions options = {});

  /// Takes up what an earlier process left in the store; call it once, before all else. Signals of rules that there are
  /// not any more are closed. kStore: it cannot be read or is damaged.
  Result<void> load();

  /// Applies what came of whole Envelopes, then moves the watermark, and commits.
  /// Afterwards those Envelopes may be acknowledged. `watermark`: no event before it comes any more; one that does is
  /// late and kept out of correlations. EventTime::min(): it stays where it is; EventTime::max(): nothing comes any
  /// more, and all that waits is decided. `now`: the wall clock, which new signals say they were detected at.
  Result<void> apply(Batch batch, EventTime watermark = EventTime::min(), std::optional<EventTime> now = std::nullopt);

  /// Names of accounts from now on, for rules that waited for an origin; borrowed.
  void use(const Accounts* accounts);

  /// Nobody waits for an origin any more: judges what waits by what is known, and commits.
  Result<void> judge_what_waits(std::optional<EventTime> now = std::nullopt);

  /// Goes with the next commit.
  void mark(Mark mark) { marks_.push_back(std::move(mark)); }

  /// Does some upkeep of a durable store, in steps that delay no commit for long; false when there is nothing to do for
  /// now. To be called between commits; `at_once`: a checkpoint is written even if little has been committed.
  Result<bool> tend(bool at_once = false);

  EventTime watermark() const { return watermark_; }

  /// Of the events that correlations have been fed with since load(); EventTime::min(): there was none.
  EventTime latest_event() const { return latest_; }

  // Counted once an event, but duplicates.
  std::uint64_t duplicates() const { return duplicates_; }  // matches of events that were delivered before
  std::uint64_t without_time() const { return changes_.without_time(); }  // matches that open signals
  std::uint64_t late() const { return late_; }      // not seen by correlations that they would have fed
  std::uint64_t future() const { return future_; }  // dated after their delivery, likewise
  /// Null: it keeps no origins.
  const OriginState* origins() const { return origins_ ? &*origins_ : nullptr; }
  // By rule, by its place in the rule set.
  RuleCounts counts_of_detection(std::uint32_t detection) const;
  RuleCounts counts_of_correlation(std::uint32_t correlation) const;
  /// What one filter took away from a detection: by its place in Detection::filters.
  std::uint64_t taken_away(std::uint32_t detection, std::uint32_t filter) const;
  const Correlator* correlator() const { return correlator_ ? &*correlator_ : nullptr; }

 private:
  using MatchIterator = std::vector<Match>::iterator;
  /// What one commit is made of.
  struct Work;
  /// How the matches of a record come to be taken.
  enum class Way : std::uint8_t {
    kDirect,  // as the worker gave them
    kApart,   // the State has found them; others of the record were taken in the same commit
    kWaited,  // the State has found them; others of the record may have been taken long ago
  };
  void take(MatchIterator begin, MatchIterator end, Way way, Work& work);
  void judge(const Undecided& undecided, Way way, Work& work);
  void tell_origins(MatchIterator begin, MatchIterator end) const;
  bool keeps_out(const Match& match, Way way, Work& work);
  EventTime judged_until() const { return origins_ ? origins_->judged_until(watermark_) : watermark_; }
  void correlate(MatchIterator begin, MatchIterator end, Way way, Work& work);
  RuleCounts& counts(bool of_correlation, std::uint32_t index);
  void count(const std::vector<TakenAway>& taken_away);
  void count_kept_out(MatchIterator begin, MatchIterator end, std::uint64_t RuleCounts::*count);
  void fold(std::vector<Trigger>& triggers);
  Result<void> let_go_of_facts() { return correlator_ ? archive_.take_from(*correlator_) : Result<void>(); }
  Result<void> replay(std::uint64_t number, std::string_view journal);

  Store& store_;
  std::shared_ptr<const RuleSet> rules_;
  SignalChanges changes_;
  std::optional<Correlator> correlator_;
  std::optional<OriginState> origins_;
  std::optional<Processor> judge_;
  std::shared_ptr<const RuleSet> judged_rules_;  // that judge_ has
  const Accounts* accounts_;
  std::function<void(const Match&)> on_match_;
  bool judges_all_ = false;
  RecentRecords records_;
  std::vector<RuleCounts> detection_counts_;
  std::vector<RuleCounts> correlation_counts_;
  std::vector<std::vector<std::uint64_t>> taken_away_;  // by detection, then filter; empty: nothing
  FactsArchive archive_;
  std::vector<store::StateRow> stale_;  // of correlations that there are not any more
  EventTime watermark_ = EventTime::min();
  EventTime passed_ = EventTime::min();  // watermark of the correlator before the last call of apply()
  EventTime latest_ = EventTime::min();
  std::vector<Mark> marks_;
  bool learns_;
  std::uint64_t duplicates_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t future_ = 0;
};

}  // namespace tripline::engine
