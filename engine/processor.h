#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/batch.h"
#include "engine/envelope.h"
#include "engine/event.h"
#include "engine/evidence_budget.h"
#include "engine/matcher.h"
#include "engine/record_filter.h"

namespace tripline::engine {

/// A worker's part: Record -> Event -> Matches, and what the State needs to know of origins where the matcher leaves
/// them to it. One per worker.
class Processor {
 public:
  struct Options {
    /// Spares the parsing of records that match nothing; null: each is parsed.
    std::shared_ptr<const RecordFilter> filter;
    /// Matches without evidence and records where their signals have enough of them; else each match has its own.
    bool spare_evidence = false;
    /// Matches carry their records, for signals that show them.
    bool records = true;
    Knowledge knowledge = {};
  };
  /// `matcher` is copied: its index is shared, its scratch memory is this worker's own.
  Processor(std::shared_ptr<const RuleSet> rules, const Matcher& matcher, Options options);

  /// One that only judges, with the origins that its knowledge tells.
  Processor(std::shared_ptr<const RuleSet> rules, Options options);

  /// Appends what comes of the record to `out`. kBadInput, kTooDeep: it is not valid JSON; nothing was appended.
  Result<void> process(const Record& record, Batch& out);

  /// Appends the record's matches of these detections, ascending, whose conditions hold; a Matcher has found that they
  /// may. Errors: as of process().
  Result<void> judge(const Record& record, std::span<const std::uint32_t> detections, std::vector<Match>& out);

  /// Which event the last process() was about; views of its record.
  const EventIdentity& identity() const { return identity_; }

  /// Whether the filter spared the last process(), which succeeded, its record's parsing.
  bool dismissed() const { return !matched_; }

  /// What filters took away from the event of the last judge(); process() appends it to its batch.
  const std::vector<TakenAway>& taken_away() const { return judged_; }

  /// The event of the last process(), for who wants to see more of it. Without a filter only.
  Event& event() { return event_; }

 private:
  bool dismisses(const Record& record);
  void add_matches(const Record& record, const std::vector<std::uint32_t>& found, std::vector<Match>& out);
  void note_filters_of(std::uint32_t detection);
  void note_origins(const Record& record, Batch& out);
  EvidenceBudget::Wanted wants(const Match& match, const EvidenceBudget::Scopes& scopes);
  std::shared_ptr<const RecordText> record_text() const;

  std::shared_ptr<const RuleSet> rules_;
  Event event_;
  std::optional<Matcher> matcher_;
  std::shared_ptr<const RecordFilter> filter_;
  std::optional<EvidenceBudget> budget_;
  bool records_;
  bool matched_ = false;  // the last record got as far as the matcher
  std::vector<TakenAway> judged_;
  EventIdentity identity_;
  std::uint32_t filtered_ = 0;  // records that the filter was asked about, of the current stretch
  std::uint32_t passed_ = 0;    // of them, those that it could not dismiss
  std::uint32_t unasked_ = 0;   // records to come that it is not asked about
};

/// What lets pass all that workers may want: what rules may match, and what tells of origins where those are left to
/// the State. Null: there is no use in one.
std::shared_ptr<const RecordFilter> filter_of(const RuleSet& rules, Origins origins);

}  // namespace tripline::engine
