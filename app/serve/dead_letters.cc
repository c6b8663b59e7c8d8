#include "app/serve/dead_letters.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "app/printable.h"
#include "engine/base64.h"
#include "engine/json_text.h"

namespace tripline::app {

using engine::ErrorCode;
using engine::Result;

DeadLetters::DeadLetters(std::string folder, std::uint64_t max_bytes)
    : path_(folder + "/dead-letter.ndjson"), older_(folder + "/dead-letter.1.ndjson"), max_bytes_(max_bytes) {}

DeadLetters::~DeadLetters() {
  if (file_ >= 0) ::close(file_);
}

engine::Error DeadLetters::error(const char* doing) const {
  return engine::fail(ErrorCode::kIo, "dead letters in " + path_ + ": cannot " + doing + ": " + std::strerror(errno));
}

Result<void> DeadLetters::open() {
  if (file_ >= 0) return {};
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failed);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file_ < 0) return error("open the file");
  struct stat status {};
  if (::fstat(file_, &status) != 0) return error("look at the file");
  size_ = static_cast<std::uint64_t>(status.st_size);
  return {};
}

Result<void> DeadLetters::turn_over() {
  struct stat status {};
  const bool there = ::stat(older_.c_str(), &status) == 0;
  if (::rename(path_.c_str(), older_.c_str()) != 0) return error("rename the file");
  if (there) given_up_ += static_cast<std::uint64_t>(status.st_size);
  ::close(std::exchange(file_, -1));
  return open();
}

Result<void> DeadLetters::add(const std::vector<DeadLetter>& letters, engine::EventTime now) {
  if (letters.empty()) return {};
  if (auto opened = open(); !opened) return opened;
  for (const DeadLetter& letter : letters) {
    const std::string line = line_of(letter, now);
    if (size_ > 0 && size_ + line.size() > max_bytes_ / 2) {
      if (auto turned = turn_over(); !turned) return turned;
    }
    std::string_view rest = line;
    while (!rest.empty()) {
      const auto written = ::write(file_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return error("write");
      rest.remove_prefix(static_cast<std::size_t>(written));
      size_ += static_cast<std::uint64_t>(written);
    }
    ++kept_;
  }
  if (::fdatasync(file_) != 0) return error("write");
  return {};
}

std::string line_of(const DeadLetter& letter, engine::EventTime now) {
  engine::JsonText json;
  json.begin_object().member("time", engine::format_time(now));
  json.optional_member("source", printable(letter.source)).member("delivery", printable(letter.delivery));
  json.raw_member("offset", std::to_string(letter.offset)).raw_member("bytes", std::to_string(letter.bytes));
  json.member("code", letter.code).member("reason", printable(letter.reason));
  json.member("data", engine::base64_encode(letter.text)).end_object();
  return json.take() + "\n";
}

}  // namespace tripline::app
