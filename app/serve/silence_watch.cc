#include "app/serve/silence_watch.h"

#include <algorithm>
#include <utility>

namespace tripline::app {

engine::Result<void> SilenceWatch::restore(const std::string& mark) {
  auto seen = LastSeen::unpack(mark);
  if (!seen) return seen.error();
  const std::lock_guard lock(mutex_);
  seen_ = std::move(*seen);
  written_ = seen_;
  return {};
}

engine::Result<void> SilenceWatch::look(const LiveStatus& live, engine::EventTime now, bool last) {
  LastSeen seen;
  {
    const std::lock_guard lock(mutex_);
    seen_.take(live);
    seen_.forget_before(now - options_.forget);
    const bool due = last || !written_at_ || now - *written_at_ >= kWriteAfter;
    if (!due || seen_ == written_) return {};
    seen = seen_;
  }
  // Without the lock, as it waits for the disk.
  if (auto put = put_(seen.packed()); !put) return put;
  const std::lock_guard lock(mutex_);
  written_ = std::move(seen);
  written_at_ = now;
  return {};
}

void SilenceWatch::change_options(SilenceOptions options) {
  const std::lock_guard lock(mutex_);
  options_ = std::move(options);
}

void SilenceWatch::tell(engine::EventTime now, const std::function<bool(const Silent&)>& tell) {
  std::vector<Silent> told;
  for (Silent& one : silent(now)) {
    if (!one.signal || now - one.from > kTold) continue;
    const bool known = std::find(told_.begin(), told_.end(), one) != told_.end();
    if (known || tell(one)) told.push_back(std::move(one));
  }
  told_ = std::move(told);
}

LastSeen SilenceWatch::last_seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::vector<Silent> SilenceWatch::silent(engine::EventTime now) const {
  const std::lock_guard lock(mutex_);
  return silent_ones(options_, seen_, started_, now);
}

}  // namespace tripline::app
