#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/event_facts.h"
#include "engine/event_time.h"
#include "engine/facts_codec.h"
#include "engine/feed.h"
#include "engine/group_table.h"
#include "engine/match.h"
#include "engine/new_value.h"
#include "engine/result.h"
#include "engine/rule_set.h"
#include "engine/store/rows.h"
#include "engine/window.h"

namespace tripline::engine {

/// A correlation triggers, or says more of a trigger that it has told of.
struct Trigger {
  std::uint32_t correlation = 0;
  std::string group;  // key of its values
  EventTime at;       // event time
  EventTime was;      // of one that is not fresh: the time it was told with
  double value = 0;   // of the span; the peak is the highest
  bool fresh = true;
  bool partial = false;              // its window's bound took events away, so that the value may be higher
  bool evicted = false;              // the bound on groups may have taken away what belongs to it
  std::vector<EventRef> events{};    // of a fresh one: the event it triggers at first
  std::vector<EventRef> gathered{};  // of its span, those that its signal counts with it: Verdict::gathered
};

/// All correlations of a rule set over all their groups: Matches in, Triggers out.
///
/// Exact in event time: for one set of events the triggers are the same in whatever order and parts they come, as long
/// as none is before the watermark (docs/architecture.md, "Correlations").
/// Threads: one, the state thread. No I/O; the watermark is passed in.
class Correlator {
 public:
  struct Limits {
    std::size_t groups = 1'000'000;  // of one rule; those that are due first go
    std::size_t entries = 1'000;     // of one group in a timespan, or twice what its condition asks for; the oldest go
  };
  /// Of one rule, since load(): what a bound or a missing field left out.
  struct Counters {
    std::uint64_t without_field = 0;  // events that lack a group-by or counted field
    std::uint64_t cut_matches = 0;    // with more groups or values than one event may have
    std::uint64_t evicted_groups = 0;
    std::uint64_t evicted_entries = 0;
  };
  /// What of one rule is held at the moment.
  struct Held {
    std::size_t groups = 0;   // of new_value: values in groups
    std::size_t entries = 0;  // of windows
    /// Up to when a new_value rule opens no signals; where each group learns for itself, the one that began last.
    /// Nothing: of others, and before the first event.
    std::optional<EventTime> learns_until{};
  };
  /// Whether this process is the one that tells of a group; all processes see all matches. Empty: it tells of all.
  using Owns = std::function<bool(std::string_view group)>;

  Correlator(std::shared_ptr<const RuleSet> rules, Limits limits, Owns owns = {});

  /// Where facts are when the correlator has let go of them; null: nowhere.
  using FindFacts = std::function<std::shared_ptr<const EventFacts>(const EventRef& event)>;
  void set_find_facts(FindFacts find) { find_facts_ = std::move(find); }

  /// One event with all its matches; it is not before the watermark. It may come again with more feeds, which stand
  /// behind the `known` ones that it was added with; to add those once more changes no window.
  void add(std::shared_ptr<const EventFacts> event, std::vector<Trigger>& triggers, std::size_t known = 0);

  /// What an event was added with; null: it was not, or is forgotten. The first looks in memory alone, where those of
  /// the last events are.
  std::shared_ptr<const EventFacts> recent_facts(std::uint64_t event) const;
  std::shared_ptr<const EventFacts> facts(const EventRef& event) const;

  /// No event before `watermark` comes any more. It never goes back.
  void advance(EventTime watermark, std::vector<Trigger>& triggers);

  EventTime watermark() const { return watermark_; }
  /// A trigger of this rule at or after the engine's watermark less this may still come.
  std::chrono::milliseconds lag(std::uint32_t correlation) const;

  /// Of an event in a window of the correlation that some window may still show, or that a trigger shows which
  /// advance() told last; null: forgotten.
  std::shared_ptr<const EventFacts> facts(std::uint32_t correlation, const EventRef& event) const;

  std::size_t facts_in_memory() const { return facts_.size(); }
  /// All of them, for who gives them to find_facts from now on.
  std::vector<std::shared_ptr<const EventFacts>> take_facts();
  /// Those of an event at this time are wanted until the watermark reaches it, or more exactly, until a call of
  /// advance() after the one that does so.
  EventTime facts_wanted_until(EventTime event) const;
  /// Those of earlier events are forgotten.
  EventTime facts_from() const { return remembered_from_; }

  // --- what a store keeps (engine/correlator_rows.cc) ---

  /// From now on remembers what changes.
  void track();
  /// All that has changed since the last call, but facts, in no order.
  std::vector<store::StateRow> take_changes(const FactsCodec& codec);
  /// Takes back a row of an earlier process; rows of correlations that there are not any more have no effect, and false
  /// says so. Rows of the watermark come first. kStore: the row is damaged.
  Result<bool> restore(const FactsCodec& codec, std::int64_t space, std::string_view key, std::string_view value);

  const Counters& counters(std::uint32_t correlation) const { return groups_[correlation].counters; }
  /// What was counted while an earlier process's work was done again was counted by that process.
  void reset_counters();
  Held held(std::uint32_t correlation) const;
  /// In how many groups, of new_value values, something waits for the watermark. Looks at all of them.
  std::size_t waiting(std::uint32_t correlation) const;

 private:
  struct Groups {
    GroupTable<WindowEntries> windows;
    GroupTable<Sightings> values;             // of kNewValue, by group and value
    GroupTable<Learning> learning;            // of kNewValue: by group, or of the rule, under ""
    EventTime began_last = EventTime::min();  // of those, the newest run
    std::size_t entries = 0;                  // in all windows
    Counters counters{};
    EventTime watermark = EventTime::min();      // lags behind the engine's; moves after those of its inputs
    EventTime evicted_until = EventTime::min();  // triggers up to here may lack what was evicted
    std::size_t entry_limit = 0;
    std::vector<std::chrono::milliseconds> offsets{};  // of times in its windows after those of the events
  };

  /// What one feed of an event brings to a group.
  struct Part {
    std::uint32_t correlation;
    const std::string* group;  // null: it brings nothing to a window...
    const Feed* feed;          // ...and has no group at all, or brings sightings
  };
  struct Hash {
    std::size_t operator()(std::uint64_t event) const { return static_cast<std::size_t>(event); }  // it is a hash
  };

  void add_parts(std::vector<Trigger>& triggers);
  void add_to_window(std::uint32_t correlation, const std::string& group, const Occurrence& occurrence,
                     std::vector<Trigger>& triggers);
  void add_sighting(std::uint32_t correlation, const Feed& feed, EventTime time, std::uint64_t event,
                    std::vector<Trigger>& triggers);
  void tell(std::uint32_t correlation, std::string_view group, std::vector<Verdict> verdicts,
            std::vector<Trigger>& triggers);
  void pass_on(std::uint32_t correlation, const Verdict& verdict, std::vector<Trigger>& triggers);
  const Learning* learning_of(std::uint32_t correlation, std::string_view value_key) const;
  void may_lack(std::uint32_t correlation, EventTime until);
  void learn(std::uint32_t correlation, const std::string& group, EventTime time);
  void forget_facts();
  bool owns(std::string_view group) const { return !owns_ || owns_(group); }

  void set_watermarks(EventTime watermark);
  std::vector<std::chrono::milliseconds> offsets_of(const Correlation& correlation) const;

  std::shared_ptr<const RuleSet> rules_;
  Limits limits_;
  Owns owns_;
  EventTime watermark_ = EventTime::min();
  std::deque<Groups> groups_;  // by correlation
  std::chrono::milliseconds horizon_{0};
  FindFacts find_facts_;
  boost::unordered_flat_map<std::uint64_t, std::shared_ptr<const EventFacts>, Hash> facts_;  // since take_facts()
  EventTime remembered_from_ = EventTime::min();
  // Of one add(), kept for their memory.
  std::vector<Part> parts_;
  Occurrence occurrence_;
  bool tracks_ = false;
};

}  // namespace tripline::engine
