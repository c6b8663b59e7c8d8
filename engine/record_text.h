#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/event_time.h"

namespace tripline::engine {

/// The text of one record, kept beyond its Envelope's bytes for a signal to show.
struct RecordText {
  std::string json;    // as it was delivered, secrets and all, unless it is fit to be shown
  bool shown = false;  // it is: engine/shown_record.h made it
  bool cut = false;    // of one that is fit to be shown: parts of it are left out
};

/// A matching event's record in a signal. No text: none is known.
struct KeptRecord {
  EventTime time;
  std::uint64_t event = 0;  // of its EventKey, the low half; decides between events of one time
  std::shared_ptr<const RecordText> text{};
};

}  // namespace tripline::engine
