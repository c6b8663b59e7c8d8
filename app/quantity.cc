#include "app/quantity.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace tripline::app {
namespace {

template <class... T>
std::string formatted(const char* form, T... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), form, values...);
  return text.data();
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return counted(count, noun, noun + (noun.ends_with("ch") ? "es" : "s"));
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return grouped(count) + " " + (count == 1 ? one : many);
}

std::string byte_size(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  constexpr std::array<const char*, 5> kUnits{"kB", "MB", "GB", "TB", "PB"};
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (size >= 999.95 && unit + 1 < kUnits.size()) {
    size /= 1000;
    ++unit;
  }
  return formatted("%.1f %s", size, kUnits[unit]);
}

std::string duration_text(std::chrono::duration<double> duration) {
  const double seconds = duration.count();
  if (seconds < 10) return formatted("%.2f s", seconds);
  if (seconds < 60) return formatted("%.1f s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < 3600) return formatted("%d min %02d s", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  return formatted("%d h %02d min", static_cast<int>(whole / 3600), static_cast<int>(whole / 60 % 60));
}

std::uint64_t per_second(std::uint64_t number, std::chrono::duration<double> duration) {
  if (duration.count() <= 0) return 0;
  const double rate = static_cast<double>(number) / duration.count();
  const double step = rate < 1000 ? 1 : std::pow(10, std::floor(std::log10(rate)) - 2);
  return static_cast<std::uint64_t>(std::llround(rate / step) * std::llround(step));
}

}  // namespace tripline::app
