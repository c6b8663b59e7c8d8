#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/correlator.h"
#include "engine/digest.h"
#include "engine/match.h"
#include "engine/recent_records.h"
#include "engine/rule_counts.h"
#include "engine/shown_record.h"
#include "engine/store.h"

namespace tripline::engine {

/// Folds matches and triggers into signals: looks up those that are there, opens others, and tells what one commit
/// changes. Threads: one, the state thread. Borrows the store, which outlives it.
class SignalChanges {
 public:
  explicit SignalChanges(Store& store) : store_(store) {}

  /// The wall clock of the commit to come, for signals that it opens; nothing: they do not say.
  void set_now(std::optional<EventTime> now) { now_ = now; }

  /// A match of a rule that opens signals, in each of its groups. `late`: correlations no longer wait for its event.
  void add(const Match& match, bool late = false);

  /// A trigger of a rule in `rules`. `correlator`, whose trigger it is, knows its events; `records` those of some.
  void add(const Trigger& trigger, const std::shared_ptr<const RuleSet>& rules, const Correlator& correlator,
           const RecentRecords& records);

  /// Closes signals whose period is over for good once the watermark is here, kMostClosed at most, so that a commit
  /// does not grow without bound; whether there are more. Call it after all add() of a commit.
  bool close_until(EventTime watermark);
  static constexpr std::size_t kMostClosed = 4096;

  /// Puts what has changed into the commit, in order of id, and begins anew. kStore: a signal cannot be read.
  Result<void> take(Commit& commit);

  /// A signal that an earlier process left open. Of a rule that is not in `rules` any more it is closed, which the next
  /// take() says.
  void restore(const Signal& signal, const RuleSet* rules);
  void go_on_from(std::uint64_t last_transition) { transitions_ = last_transition; }
  /// Is told of each signal that is opened or widened, of a detection or a correlation by its place in the rule set.
  using Counts = std::function<RuleCounts&(bool of_correlation, std::uint32_t index)>;
  void set_counts(Counts counts) { counts_ = std::move(counts); }
  bool none_closed() const { return closed_.empty(); }

  std::uint64_t without_time() const { return without_time_; }

 private:
  struct Change {
    Signal signal;
    bool fresh = false;
    bool revised = false;
    bool widened = false;
  };
  struct Place {
    const std::shared_ptr<const RuleSet>& rules;
    bool of_correlation;
    std::uint32_t index;
    std::chrono::milliseconds lag;  // how long after its time a trigger may still come
  };

  const std::string& id_of(const std::string& rule_id, const std::vector<std::string>& group, EventTime period_start);
  Change& change(const Place& place, const std::vector<std::string>& group, EventTime time);
  void add_to(const std::vector<std::string>& group, const Match& match, bool late);
  const Signal* find(const std::string& id);
  void link_periods();

  Store& store_;
  Counts counts_;
  RecordShower records_;
  std::optional<EventTime> now_;
  std::unordered_map<std::string, Change> changes_;  // by id
  std::vector<std::string> closed_;                  // ids
  std::vector<std::string> removed_;                 // those of them whose rule there is not any more
  std::optional<Error> failure_;
  std::map<EventTime, std::vector<Digest>> closing_;  // ids, by the watermark that closes them
  std::unordered_map<std::string, std::string> ids_;  // of recent signals, by what they are a digest of
  std::uint64_t transitions_ = 0;
  std::uint64_t without_time_ = 0;
};

}  // namespace tripline::engine
