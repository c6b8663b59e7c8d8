#include "app/progress.h"

#include <algorithm>

#include "app/printable.h"
#include "app/quantity.h"

namespace tripline::app {
namespace {

constexpr auto kQuiet = std::chrono::seconds(1);
constexpr auto kStep = std::chrono::milliseconds(100);
constexpr std::size_t kBarColumns = 20;

}  // namespace

void Progress::update(Clock::time_point now, std::uint64_t done, std::uint64_t total, std::uint64_t events) {
  if (now - start_ < kQuiet || (shown_ && now - *shown_ < kStep)) return;
  shown_ = now;
  const std::string line = progress_line(done, total, events, now - start_);
  const std::size_t width = console_.width(Stream::kErr);
  console_.status(width > 1 ? truncated(line, width - 1) : line);
}

std::string progress_line(std::uint64_t done, std::uint64_t total, std::uint64_t events,
                          std::chrono::duration<double> elapsed) {
  const std::string counts = counted(events, "event") + "  " + grouped(per_second(events, elapsed)) + "/s";
  if (total == 0) return counts;
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * kBarColumns);
  std::string percent = std::to_string(static_cast<int>(share * 100));
  percent.insert(0, 3 - percent.size(), ' ');
  std::string line =
      "[" + std::string(filled, '#') + std::string(kBarColumns - filled, '-') + "] " + percent + " %  " + counts;
  if (share > 0) line += "  " + duration_text(elapsed * (1 - share) / share) + " left";
  return line;
}

}  // namespace tripline::app
