#include "app/log_repeats.h"

namespace tripline::app {

bool LogRepeats::admit(std::string_view message, int level, Time now) {
  auto found = windows_.find(message);
  if (found == windows_.end()) found = windows_.emplace(std::string(message), Window{now, level}).first;
  if (++found->second.lines <= burst_) return true;
  ++suppressed_;
  return false;
}

template <class Ends>
std::vector<LogRepeats::Left> LogRepeats::take(const Ends& ends) {
  std::vector<Left> left;
  for (auto at = windows_.begin(); at != windows_.end();) {
    const auto& [message, window] = *at;
    if (!ends(window)) {
      ++at;
      continue;
    }
    if (window.lines > burst_) left.push_back({message, window.level, window.lines - burst_});
    at = windows_.erase(at);
  }
  return left;
}

std::vector<LogRepeats::Left> LogRepeats::take_over(Time now) {
  // A clock that was set back would keep a window open for as long.
  return take([&](const Window& window) { return now - window.began >= window_ || now < window.began; });
}

std::vector<LogRepeats::Left> LogRepeats::take_all() {
  return take([](const Window&) { return true; });
}

}  // namespace tripline::app
