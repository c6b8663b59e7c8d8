#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/envelope.h"
#include "engine/event.h"
#include "engine/match.h"
#include "engine/matcher.h"

namespace tripline::engine {

/// A worker's part: Record -> Event -> Matches. One per worker.
class Processor {
 public:
  /// `matcher` is copied: its index is shared, its scratch memory is this worker's own.
  Processor(std::shared_ptr<const RuleSet> rules, const Matcher& matcher, const Knowledge& knowledge = {});

  /// Appends the record's matches to `out`. kBadInput, kTooDeep: it is not valid JSON; nothing was appended.
  Result<void> process(const Record& record, std::vector<Match>& out);

  /// The event of the last process(), for who wants to see more of it.
  Event& event() { return event_; }

 private:
  std::shared_ptr<const RuleSet> rules_;
  Event event_;
  Matcher matcher_;
};

EventKey event_key(Event& event);

/// A field's values as one text for people: joined by ", ", without nulls; a container only when it is all there is.
/// `(secret)` for keys, tokens and passwords and for JSON that holds one.
std::string shown_text(Event& event, FieldId field);

}  // namespace tripline::engine
