#include "alerts/next_step.h"

#include <algorithm>
#include <chrono>

#include "alerts/origin_of.h"

namespace tripline::alerts {

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) c == '\'' ? word.append("'\\''") : word.append(1, c);
  return word + "'";
}

std::string next_step(const engine::Signal& signal, std::span<const std::string> logs) {
  const std::string_view who = origin_of(signal);
  if (who.empty()) return {};
  constexpr std::chrono::hours kAround{1};
  constexpr std::chrono::seconds kLast{1};  // --to is the first moment that is left out
  std::string command = "tripline timeline " + shell_word(who);
  command += " --from " + engine::format_time(std::chrono::floor<std::chrono::seconds>(signal.first - kAround));
  command += " --to " + engine::format_time(std::chrono::floor<std::chrono::seconds>(signal.last + kAround + kLast));
  const bool known = !logs.empty() && std::find(logs.begin(), logs.end(), "-") == logs.end();
  if (!known) return command + " PATH...";
  for (const std::string& path : logs) command += " " + shell_word(path);
  return command;
}

}  // namespace tripline::alerts
