#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "connectors/folder_files.h"
#include "connectors/intake.h"
#include "engine/envelope.h"
#include "engine/event_time.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Brings the files that appear below a folder to the intake, each once, also over restarts: what was read is a Mark of
/// the commit that made it durable. inotify says where something happened; a look at everything, now and then, finds
/// what it missed (other hosts' writes, events beyond its queue).
///
/// Hidden files and folders are passed over, as are digests of CloudTrail and names that no pattern fits. A file that
/// changes after it was read is read again; its events are known by then.
/// Threads: one of its own; calls from any. Borrows the intake, which outlives it.
class FolderWatch {
 public:
  struct Options {
    std::string path;
    std::string name;                   // the source's
    std::vector<std::string> patterns;  // of names, with `*` and `?`; none: all names
    std::chrono::milliseconds rescan = std::chrono::minutes{1};
    std::chrono::milliseconds settle = std::chrono::seconds{2};
  };
  struct Counters {
    std::uint64_t taken = 0;       // files that the intake has taken
    std::uint64_t durable = 0;     // of them
    std::uint64_t failed = 0;      // of them; they are brought again
    std::uint64_t unreadable = 0;  // folders that could not be looked at, each time
    std::uint64_t waiting = 0;     // files, now
  };

  FolderWatch(Options options, Intake& intake, std::function<engine::EventTime()> now);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  /// A mark of an earlier process; false: it is not of this folder. Before start().
  bool remember(const engine::Mark& mark);
  /// Looks once, so that oldest() is right when this returns, then goes on by itself. kIo: the folder cannot be read.
  engine::Result<void> start();
  /// Brings no more files; those in hand still tell what becomes of them.
  void end();
  /// end(), and waits for those in hand.
  void stop();

  /// The earliest time of delivery of what waits, as names say it.
  std::optional<engine::EventTime> oldest() const;
  /// Marks that can be forgotten; to be committed with something.
  std::vector<engine::Mark> take_forgotten();
  Counters counters() const;

 private:
  void run();
  void look_at_all();
  void look_at(const std::string& folder);
  void find(const std::string& folder, bool below, std::vector<FoundFile>& found);
  void bring();
  void settled(const FoundFile& file, const engine::Result<void>& outcome);
  void wait_for_news();
  std::string mark_key(const engine::Digest& digest) const;

  static constexpr std::size_t kInHand = 8;  // files at a time, so that they crowd nobody out

  Options options_;
  Intake& intake_;
  std::function<engine::EventTime()> now_;
  int inotify_ = -1;
  int wake_ = -1;                       // an eventfd
  std::map<int, std::string> watched_;  // folders, with their slash, by inotify's number
  std::map<std::string, int> numbers_;  // the same, the other way round

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  FolderFiles files_;
  std::size_t in_hand_ = 0;
  Counters counters_;
  bool ended_ = false;
  std::jthread thread_;
};

}  // namespace tripline::connectors
