#include "app/serve/process_facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace tripline::app {

namespace {

// Places of fields behind the name of the program, which is in brackets and may hold blanks; the state is the first.
constexpr std::size_t kUserTime = 11, kSystemTime = 12, kThreads = 17, kStartTime = 19, kVirtual = 20, kResident = 21;

std::array<std::uint64_t, kResident + 1> numbers_of(std::string_view stat) {
  std::array<std::uint64_t, kResident + 1> numbers{};
  const std::size_t name_ends = stat.rfind(')');
  if (name_ends == std::string_view::npos) return numbers;
  stat.remove_prefix(name_ends + 1);
  for (std::uint64_t& number : numbers) {
    stat.remove_prefix(std::min(stat.find_first_not_of(' '), stat.size()));
    const std::size_t end = std::min(stat.find(' '), stat.size());
    std::from_chars(stat.data(), stat.data() + end, number);  // what is no number stays 0
    stat.remove_prefix(end);
  }
  return numbers;
}

std::string read_whole(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Seconds since 1970 at which the system was started.
double boot_time() {
  constexpr std::string_view kLine = "\nbtime ";
  const std::string stat = read_whole("/proc/stat");
  const std::size_t line = stat.find(kLine);
  std::uint64_t seconds = 0;
  if (line != std::string::npos) {
    std::from_chars(stat.data() + line + kLine.size(), stat.data() + stat.size(), seconds);
  }
  return static_cast<double>(seconds);
}

}  // namespace

ProcessFacts read_process_stat(std::string_view stat, double ticks_per_second, std::uint64_t page_bytes) {
  const auto numbers = numbers_of(stat);
  ProcessFacts facts;
  facts.cpu_seconds = static_cast<double>(numbers[kUserTime] + numbers[kSystemTime]) / ticks_per_second;
  facts.threads = numbers[kThreads];
  facts.virtual_bytes = numbers[kVirtual];
  facts.resident_bytes = numbers[kResident] * page_bytes;
  return facts;
}

ProcessFacts read_process_facts() {
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const std::string stat = read_whole("/proc/self/stat");
  ProcessFacts facts = read_process_stat(stat, ticks, static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  const double booted = boot_time();
  if (booted > 0) facts.start_seconds = booted + static_cast<double>(numbers_of(stat)[kStartTime]) / ticks;
  std::error_code failed;
  for (std::filesystem::directory_iterator file("/proc/self/fd", failed), end; !failed && file != end;
       file.increment(failed)) {
    ++facts.open_files;
  }
  if (facts.open_files > 0) --facts.open_files;  // the one that this reads through
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.max_files = limit.rlim_cur;
  return facts;
}

std::uint64_t free_disk_bytes(const std::string& path) {
  struct statvfs facts {};
  return ::statvfs(path.c_str(), &facts) == 0 ? std::uint64_t{facts.f_bavail} * facts.f_frsize : 0;
}

}  // namespace tripline::app
