#include "connectors/folder_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "connectors/s3_path.h"

namespace tripline::connectors {

using engine::ErrorCode;
using engine::EventTime;
using engine::Mark;
using engine::Result;

namespace {

constexpr std::string_view kMarkVersion = "\x01";
constexpr std::uint32_t kNews = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;

bool fits(const std::vector<std::string>& patterns, const std::string& name) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
         });
}

FoundFile found_file(std::string path, const struct stat& info) {
  return {.path = std::move(path),
          .size = static_cast<std::uint64_t>(info.st_size),
          .changed_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec,
          .inode = info.st_ino};
}

void drain(int descriptor) {
  std::array<char, 4096> bytes;
  while (::read(descriptor, bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace

FolderWatch::FolderWatch(Options options, Intake& intake, std::function<EventTime()> now)
    : options_(std::move(options)), intake_(intake), now_(std::move(now)), files_(options_.settle) {
  if (!options_.path.ends_with('/')) options_.path += '/';
}

FolderWatch::~FolderWatch() {
  stop();
  if (inotify_ >= 0) ::close(inotify_);
  if (wake_ >= 0) ::close(wake_);
}

std::string FolderWatch::mark_key(const engine::Digest& digest) const {
  return "file:" + options_.name + ":" + engine::to_hex(digest);
}

bool FolderWatch::remember(const Mark& mark) {
  constexpr std::size_t kHex = 32;
  const std::string begin = "file:" + options_.name + ":";
  if (!mark.key.starts_with(begin) || mark.key.size() != begin.size() + kHex) return false;
  files_.remember(engine::from_hex(std::string_view(mark.key).substr(begin.size())));
  return true;
}

Result<void> FolderWatch::start() {
  inotify_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  DIR* const folder = ::opendir(options_.path.c_str());
  if (inotify_ < 0 || wake_ < 0 || folder == nullptr) {
    const std::string why = std::strerror(errno);
    if (folder != nullptr) ::closedir(folder);
    return engine::fail(ErrorCode::kIo,
                        "folder " + options_.path + " of the source " + options_.name + " cannot be watched: " + why);
  }
  ::closedir(folder);
  look_at_all();
  thread_ = std::jthread([this] { run(); });
  return {};
}

void FolderWatch::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  const std::uint64_t one = 1;
  if (wake_ >= 0) (void)!::write(wake_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
}

void FolderWatch::stop() {
  end();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return in_hand_ == 0; });
}

void FolderWatch::run() {
  auto looked = std::chrono::steady_clock::now();
  while (true) {
    bring();
    wait_for_news();
    const auto now = std::chrono::steady_clock::now();
    {
      const std::lock_guard lock(mutex_);
      if (ended_) return;
    }
    if (now - looked < options_.rescan) continue;
    look_at_all();
    looked = now;
  }
}

/// Until something happens in a folder, a file has become ready or durable, or it is time to look.
void FolderWatch::wait_for_news() {
  std::chrono::milliseconds wait = options_.rescan;
  {
    const std::lock_guard lock(mutex_);
    const auto ready = files_.next_ready();
    // With all hands full, whoever is settled wakes us.
    if (ready && in_hand_ < kInHand) wait = std::clamp(*ready - now_(), std::chrono::milliseconds{10}, wait);
  }
  std::array<pollfd, 2> descriptors{pollfd{inotify_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(std::min<std::int64_t>(wait.count(), 3'600'000)));
  if (descriptors[1].revents != 0) drain(wake_);
  if (descriptors[0].revents == 0) return;
  alignas(inotify_event) std::array<char, 64 << 10> bytes;
  std::map<std::string, bool> folders;
  bool everything = false;
  for (ssize_t size = 0; (size = ::read(inotify_, bytes.data(), bytes.size())) > 0;) {
    for (const char* at = bytes.data(); at < bytes.data() + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      everything |= (event->mask & (IN_Q_OVERFLOW | IN_ISDIR)) != 0;
      if (const auto folder = watched_.find(event->wd); folder != watched_.end()) folders[folder->second] = true;
    }
  }
  if (everything) return look_at_all();  // a folder more, which may hold files already
  for (const auto& [folder, changed] : folders) look_at(folder);
}

void FolderWatch::look_at_all() {
  std::vector<FoundFile> found;
  find(options_.path, true, found);
  const std::lock_guard lock(mutex_);
  files_.look_at_all(found, now_());
  counters_.waiting = files_.waiting();
}

void FolderWatch::look_at(const std::string& folder) {
  std::vector<FoundFile> found;
  find(folder, false, found);
  const std::lock_guard lock(mutex_);
  files_.look_at(folder, found, now_());
  counters_.waiting = files_.waiting();
}

void FolderWatch::find(const std::string& folder, bool below, std::vector<FoundFile>& found) {
  // Watched before it is looked at: what comes in between is found twice and not missed.
  if (!numbers_.contains(folder)) {
    const int number = ::inotify_add_watch(inotify_, folder.c_str(), kNews);
    if (number >= 0) {
      watched_[number] = folder;
      numbers_[folder] = number;
    }
  }
  DIR* const dir = ::opendir(folder.c_str());
  if (dir == nullptr) {
    const std::lock_guard lock(mutex_);
    ++counters_.unreadable;
    return;
  }
  std::vector<std::string> folders;
  while (const dirent* const entry = ::readdir(dir)) {
    const std::string name = entry->d_name;
    struct stat info {};
    if (name.starts_with('.') || ::fstatat(::dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(info.st_mode)) folders.push_back(folder + name + "/");
    if (!S_ISREG(info.st_mode) || !fits(options_.patterns, name)) continue;
    const auto s3 = parse_s3_path(name);
    if (!s3 || !s3->is_digest()) found.push_back(found_file(folder + name, info));
  }
  ::closedir(dir);
  if (!below) return;
  for (const std::string& one : folders) find(one, true, found);
}

void FolderWatch::bring() {
  while (true) {
    std::optional<FoundFile> file;
    {
      const std::lock_guard lock(mutex_);
      if (ended_ || in_hand_ >= kInHand) return;
      file = files_.next(now_());
      counters_.waiting = files_.waiting();
      if (!file) return;
      struct stat info {};
      const bool there = ::stat(file->path.c_str(), &info) == 0;
      if (const FoundFile as_it_is = found_file(file->path, info); there && as_it_is != *file) {
        files_.put_back(as_it_is, now_());
        continue;
      }
      ++in_hand_;
    }
    engine::Envelope envelope;
    envelope.path = file->path;
    envelope.source = options_.name;
    envelope.mark = Mark{mark_key(file->digest()), std::string(kMarkVersion)};
    if (auto s3 = parse_s3_path(file->path)) {
      envelope.delivered = s3->delivered;
      envelope.account = std::move(s3->account);
      envelope.region = std::move(s3->region);
    }
    const auto offered = intake_.offer(std::move(envelope), now_(),
                                       [this, file = *file](const auto& outcome) { settled(file, outcome); });
    const std::lock_guard lock(mutex_);
    if (offered == Intake::Offer::kTaken) {
      ++counters_.taken;
      continue;
    }
    files_.failed(*file);  // the next look finds it again
    --in_hand_;
    changed_.notify_all();
    return;
  }
}

void FolderWatch::settled(const FoundFile& file, const Result<void>& outcome) {
  const std::lock_guard lock(mutex_);
  ++(outcome ? counters_.durable : counters_.failed);
  if (outcome) {
    files_.done(file);
  } else {
    files_.failed(file);
  }
  --in_hand_;
  changed_.notify_all();
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
}

std::optional<EventTime> FolderWatch::oldest() const {
  const std::lock_guard lock(mutex_);
  return files_.oldest();
}

std::vector<Mark> FolderWatch::take_forgotten() {
  const std::lock_guard lock(mutex_);
  std::vector<Mark> marks;
  for (const engine::Digest& digest : files_.take_forgotten()) marks.push_back({mark_key(digest), {}});
  return marks;
}

FolderWatch::Counters FolderWatch::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace tripline::connectors
