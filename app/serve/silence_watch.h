#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/serve/last_seen.h"
#include "app/serve/live_status.h"
#include "app/serve/silence.h"
#include "engine/result.h"

namespace tripline::app {

/// Watches a running engine for who stops sending, and keeps when each was last seen in a mark of the store, so that a
/// restart forgets nothing but the last minute.
/// Threads: any, but tell() by one. Time is passed in.
class SilenceWatch {
 public:
  static constexpr const char* kMark = "last_seen";
  static constexpr std::chrono::seconds kWriteAfter{60};

  /// `put`: makes the value of the mark durable.
  SilenceWatch(SilenceOptions options, engine::EventTime started,
               std::function<engine::Result<void>(const std::string& value)> put)
      : options_(std::move(options)), started_(started), put_(std::move(put)) {}

  /// What the mark holds, before the first look(). kStore: it is damaged, and nothing is taken up.
  engine::Result<void> restore(const std::string& mark);

  /// To be called every few seconds; `last`: before the end, so that it is written at once. Errors are those of `put`;
  /// the next call tries again.
  engine::Result<void> look(const LiveStatus& live, engine::EventTime now, bool last = false);

  void change_options(SilenceOptions options);

  /// Calls `tell` for each of whom silence is to open a signal, once a silence; false from it: try again next time.
  /// A silence that began longer than kTold ago was told by the process before this one, or nobody was to tell.
  static constexpr std::chrono::hours kTold{12};
  void tell(engine::EventTime now, const std::function<bool(const Silent&)>& tell);

  LastSeen last_seen() const;
  std::vector<Silent> silent(engine::EventTime now) const;

 private:
  mutable std::mutex mutex_;
  SilenceOptions options_;
  engine::EventTime started_;
  std::function<engine::Result<void>(const std::string&)> put_;
  LastSeen seen_;
  std::vector<Silent> told_;  // and silent still
  LastSeen written_;
  std::optional<engine::EventTime> written_at_;
};

}  // namespace tripline::app
