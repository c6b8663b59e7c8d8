#include "app/log.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <map>
#include <mutex>
#include <unistd.h>
#include <utility>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include "app/json_line.h"
#include "app/log_repeats.h"
#include "app/printable.h"
#include "engine/json_text.h"

namespace tripline::app {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

struct LevelNames {
  std::string_view name;  // in the configuration
  Log::Level level;
  spdlog::level::level_enum theirs;
};
constexpr LevelNames kLevelNames[] = {
    {"debug", Log::Level::kDebug, spdlog::level::debug},
    {"info", Log::Level::kInfo, spdlog::level::info},
    {"warning", Log::Level::kWarning, spdlog::level::warn},
    {"error", Log::Level::kError, spdlog::level::err},
};

Log::Level level_of(std::string_view name) {
  for (const auto& row : kLevelNames) {
    if (row.name == name) return row.level;
  }
  return Log::Level::kInfo;
}

/// Writes whole lines to a descriptor, which it does not own.
class DescriptorSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DescriptorSink(int fd) : fd_(fd) {}
  std::uint64_t lost() const { return lost_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view rest(line.data(), line.size());
    while (!rest.empty()) {
      const ssize_t written = ::write(fd_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        ++lost_;
        return;
      }
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void flush_() override {}

  const int fd_;
  std::atomic<std::uint64_t> lost_{0};
};

/// At most 1 KiB, whole characters of UTF-8.
std::string cut(std::string text) {
  constexpr std::size_t kMost = 1024;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string json_form(std::string_view message, const std::vector<LogField>& fields) {
  engine::JsonText json;
  json.begin_object().member("message", message);
  for (const LogField& field : fields) {
    if (field.is_text) {
      json.member(field.key, cut(field.value));
    } else {
      json.raw_member(field.key, field.value);
    }
  }
  const std::string whole = json_line(json.end_object().take());
  return whole.substr(1, whole.size() - 2);  // the pattern has the braces
}

std::string text_form(std::string_view message, const std::vector<LogField>& fields) {
  std::string line(message);
  for (const LogField& field : fields) {
    line.append(" ").append(field.key).append("=");
    const bool plain = !field.value.empty() && field.value.find_first_of(" \"=") == std::string::npos;
    if (!field.is_text || plain) {
      line += cut(field.value);
      continue;
    }
    line += '"';
    for (const char c : cut(field.value)) line += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    line += '"';
  }
  return printable(line);
}

}  // namespace

LogField::LogField(std::string_view name, std::chrono::milliseconds duration) : key(name), is_text(false) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", std::chrono::duration<double>(duration).count());
  value = text.data();
}

struct Log::State {
  explicit State(Options given)
      : options(std::move(given)),
        sink(std::make_shared<DescriptorSink>(options.fd)),
        logger("tripline", sink),
        repeats(options.burst, options.window) {
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(options.json ? kJsonPattern : kTextPattern,
                                                                    spdlog::pattern_time_type::utc, "\n"));
    logger.set_level(spdlog::level::trace);  // ours is looked at first
  }

  void line(std::chrono::system_clock::time_point now, Level level, std::string_view message,
            const std::vector<LogField>& fields) {
    const std::string text = options.json ? json_form(message, fields) : text_form(message, fields);
    logger.log(now, {}, kLevelNames[static_cast<int>(level)].theirs, text);
  }

  void say(const std::vector<LogRepeats::Left>& left, std::chrono::system_clock::time_point now) {
    for (const auto& [message, level, count] : left) {
      line(now, static_cast<Level>(level), "repeats left out", {{"repeated", message}, {"count", count}});
    }
  }

  const Options options;
  const std::shared_ptr<DescriptorSink> sink;
  spdlog::logger logger;
  std::mutex mutex;
  LogRepeats repeats;
};

Log::Log(Options options) : state_(std::make_unique<State>(std::move(options))) {}

Log::Log(const Config::Logs& config, int fd)
    : Log([&] {
        Options options;
        options.json = config.format == "json";
        options.least = level_of(config.level);
        options.fd = fd;
        return options;
      }()) {}

Log::~Log() {
  const std::scoped_lock lock(state_->mutex);
  state_->say(state_->repeats.take_all(), state_->options.now());
}

void Log::write(Level level, std::string_view message, Fields fields) {
  if (level < state_->options.least) return;
  const auto now = state_->options.now();
  const std::scoped_lock lock(state_->mutex);
  state_->say(state_->repeats.take_over(now), now);
  if (state_->repeats.admit(message, static_cast<int>(level), now)) state_->line(now, level, message, fields);
}

void Log::tick() {
  const auto now = state_->options.now();
  const std::scoped_lock lock(state_->mutex);
  state_->say(state_->repeats.take_over(now), now);
}

std::uint64_t Log::suppressed() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->repeats.suppressed();
}

std::uint64_t Log::lost() const { return state_->sink->lost(); }

}  // namespace tripline::app
